package dev.ganymede.pool;

import dev.ganymede.container.ContainerRuntime;
import dev.ganymede.container.ContainerSpec;
import dev.ganymede.container.CreateResult;
import dev.ganymede.gateway.Gateway;
import dev.ganymede.gateway.GatewayRepository;
import dev.ganymede.gateway.GatewayState;
import dev.ganymede.gateway.NewLife;
import dev.ganymede.gateway.PoolChanged;
import dev.ganymede.gateway.PoolMember;
import dev.ganymede.id.GatewayId;
import dev.ganymede.id.LifeId;
import dev.ganymede.secret.Secret;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Gives a pool member a container: intent committed → container created → outcome committed (invariant 9).
 *
 * <p>Killed in between, the next look either adopts the container or makes another: the boot token of a life whose intent is overwritten opens
 * nothing. When a name or port is taken on the node, the next free place is tried.
 */
@ApplicationScoped
class ContainerBirth {

    private static final Logger LOG = Logger.getLogger(ContainerBirth.class);

    private final GatewayRepository gateways;
    private final ContainerRuntime containers;
    private final PoolConfig config;
    private final Event<PoolChanged> poolChanged;

    ContainerBirth(
            GatewayRepository gateways,
            ContainerRuntime containers,
            PoolConfig config,
            Event<PoolChanged> poolChanged) {
        this.gateways = gateways;
        this.containers = containers;
        this.config = config;
        this.poolChanged = poolChanged;
    }

    /** A life about to begin: its token is known here only, and to its container. */
    private record Life(LifeId id, Secret bootToken, Optional<String> image) {

        static Life random(Optional<String> image) {
            return new Life(new LifeId(UUID.randomUUID()), Secret.random(), image);
        }

        NewLife intent() {
            return new NewLife(id, bootToken.hash(), image);
        }
    }

    /** A new member. */
    Uni<Void> ofNew(GatewayId gateway, PoolMember member, Optional<String> image) {
        Life life = Life.random(image);
        return gateways.insert(gateway, config.node(), member, life.intent())
                .chain(inserted -> create(inserted, life, config.placeAttempts()));
    }

    /** A new life of a member whose old containers are gone. */
    Uni<Void> again(Gateway gateway, Optional<String> image) {
        return again(gateway, gateway.member(), Life.random(image), config.placeAttempts());
    }

    private Uni<Void> again(Gateway gateway, PoolMember member, Life life, int attempts) {
        return gateways.beginLife(gateway, member, life.intent())
                .chain(begun -> begun.map(fresh -> create(fresh, life, attempts))
                        // it moved on meanwhile: the next look decides anew
                        .orElseGet(() -> Uni.createFrom().voidItem()));
    }

    private Uni<Void> create(Gateway gateway, Life life, int attempts) {
        ContainerSpec spec = new ContainerSpec(
                gateway.id(),
                life.id(),
                gateway.name(),
                gateway.member().httpPort(),
                gateway.member().vpnPort(),
                life.image(),
                life.bootToken().value());
        return containers
                .create(spec)
                .onFailure()
                .recoverWithItem(failure -> new CreateResult.Refused(failure.getMessage()))
                .chain(result -> proceed(gateway, life, result, attempts));
    }

    private Uni<Void> proceed(Gateway gateway, Life life, CreateResult result, int attempts) {
        if (result instanceof CreateResult.Created created) {
            LOG.infof("gateway %s runs as container %s", gateway.name(), created.container());
            return gateways.started(gateway, created.container().value(), created.host())
                    // it may have called ready before: it can be taken only now that its address is known
                    .invoke(started -> started.filter(now -> now.state() instanceof GatewayState.Ready)
                            .ifPresent(ready -> poolChanged.fire(new PoolChanged("a gateway is ready"))))
                    .replaceWithVoid();
        }
        if (result instanceof CreateResult.Refused refused) {
            LOG.errorf("gateway %s was not created: %s", gateway.name(), refused.reason());
            return gateways.notCreated(gateway, refused.reason());
        }
        String reason = result instanceof CreateResult.PortTaken port ? port.reason() : "its name is taken";
        LOG.warnf("gateway %s can't be created here (%s), trying the next free place", gateway.name(), reason);
        return attempts <= 1
                ? gateways.notCreated(gateway, reason)
                : nextFree(gateway)
                        .chain(place -> place.map(free -> again(gateway, free, Life.random(life.image()), attempts - 1))
                                .orElseGet(() -> gateways.notCreated(gateway, "no free place in the pool")));
    }

    private Uni<Optional<PoolMember>> nextFree(Gateway gateway) {
        return Uni.combine().all().unis(containers.inventory(), gateways.all()).with((inventory, members) -> {
            Set<String> taken = members.stream().map(Gateway::name).collect(Collectors.toSet());
            taken.addAll(inventory.foreignNames());
            return firstFree(gateway.member().slot() + 1, taken);
        });
    }

    private static Optional<PoolMember> firstFree(int from, Set<String> taken) {
        for (int slot = from; slot <= PoolMember.MAX_SLOT; slot++) {
            PoolMember member = PoolMember.ofSlot(slot);
            if (!taken.contains(member.name())) {
                return Optional.of(member);
            }
        }
        return Optional.empty();
    }
}
