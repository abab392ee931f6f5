package dev.ganymede.pool;

import dev.ganymede.container.ContainerId;
import dev.ganymede.container.ContainerRuntime;
import dev.ganymede.gateway.AllocationRepository;
import dev.ganymede.gateway.EndReason;
import dev.ganymede.gateway.Gateway;
import dev.ganymede.gateway.GatewayRepository;
import dev.ganymede.gateway.GatewayState;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.jboss.logging.Logger;

/** Carries out one action. The row moves first, guarded by the state that the plan saw; then the containers follow it. */
@ApplicationScoped
class PoolExecutor {

    private static final Logger LOG = Logger.getLogger(PoolExecutor.class);

    private final GatewayRepository gateways;
    private final AllocationRepository allocations;
    private final ContainerRuntime containers;
    private final ContainerBirth birth;
    private final PoolConfig config;
    private final Clock clock;

    PoolExecutor(
            GatewayRepository gateways,
            AllocationRepository allocations,
            ContainerRuntime containers,
            ContainerBirth birth,
            PoolConfig config,
            Clock clock) {
        this.gateways = gateways;
        this.allocations = allocations;
        this.containers = containers;
        this.birth = birth;
        this.config = config;
        this.clock = clock;
    }

    Uni<Void> execute(PoolAction action) {
        if (action instanceof PoolAction.Grow grow) {
            return birth.ofNew(grow.gateway(), grow.member());
        }
        if (action instanceof PoolAction.Adopt adopt) {
            LOG.infof("adopting the container of gateway %s", adopt.gateway().name());
            return gateways.started(adopt.gateway(), adopt.container().id().value(), containers.nodeAddress())
                    .replaceWithVoid();
        }
        if (action instanceof PoolAction.Replace replace) {
            return replace(replace);
        }
        if (action instanceof PoolAction.Retire retire) {
            return leave(retire.gateway(), "the pool shrinks")
                    .chain(left -> left ? remove(retire.old()).chain(() -> gateways.delete(retire.gateway())) : skip());
        }
        PoolAction.Reap reap = (PoolAction.Reap) action;
        LOG.infof("reaping container %s, which belongs to no member", reap.name());
        return remove(List.of(reap.container()));
    }

    private Uni<Void> replace(PoolAction.Replace replace) {
        Gateway gateway = replace.gateway();
        LOG.infof("replacing the container of gateway %s: %s", gateway.name(), replace.reason());
        if (gateway.state() instanceof GatewayState.Creating) {
            return remove(replace.old()).chain(() -> birth.again(gateway));
        }
        return leave(gateway, replace.reason())
                .chain(left -> left ? remove(replace.old()).chain(() -> birth.again(gateway)) : skip());
    }

    /** Moves the row to {@code REMOVING}; false when it is not any more what the plan saw. */
    private Uni<Boolean> leave(Gateway gateway, String reason) {
        GatewayState state = gateway.state();
        Instant now = clock.instant();
        if (state instanceof GatewayState.Removing || state instanceof GatewayState.Creating) {
            return Uni.createFrom().item(true);
        }
        if (state instanceof GatewayState.Starting starting) {
            return gateways.move(gateway, starting.unhealthy(now).removing(now), reason);
        }
        if (state instanceof GatewayState.Ready ready) {
            return gateways.move(gateway, ready.removing(now), reason);
        }
        if (state instanceof GatewayState.Unhealthy unhealthy) {
            return gateways.move(gateway, unhealthy.removing(now), reason);
        }
        // the tenancy goes with its container; ending it releases the gateway in the same statement
        return allocations
                .endOf(gateway.id(), EndReason.GATEWAY_LOST)
                .chain(ended -> gateways.find(gateway.id()))
                .chain(current -> current.filter(found -> found.life().equals(gateway.life()))
                        .map(found -> leaveReleased(found, reason))
                        .orElseGet(() -> Uni.createFrom().item(false)));
    }

    private Uni<Boolean> leaveReleased(Gateway released, String reason) {
        boolean onItsWay =
                released.state() instanceof GatewayState.Unhealthy || released.state() instanceof GatewayState.Removing;
        return onItsWay ? leave(released, reason) : Uni.createFrom().item(false);
    }

    private Uni<Void> remove(List<ContainerId> old) {
        return Multi.createFrom()
                .iterable(old)
                .onItem()
                .transformToUniAndConcatenate(this::remove)
                .collect()
                .asList()
                .replaceWithVoid();
    }

    private Uni<Void> remove(ContainerId container) {
        return containers.stop(container, config.removeGrace()).chain(() -> containers.remove(container));
    }

    private static Uni<Void> skip() {
        return Uni.createFrom().voidItem();
    }
}
