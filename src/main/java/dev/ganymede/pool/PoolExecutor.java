package dev.ganymede.pool;

import dev.ganymede.container.ContainerId;
import dev.ganymede.container.ContainerRuntime;
import dev.ganymede.gateway.AllocationRepository;
import dev.ganymede.gateway.EndReason;
import dev.ganymede.gateway.Gateway;
import dev.ganymede.gateway.GatewayRepository;
import dev.ganymede.gateway.GatewayState;
import dev.ganymede.gateway.LivingGateways;
import dev.ganymede.gateway.PoolChanged;
import dev.ganymede.id.AllocationId;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jboss.logging.Logger;

/** Carries out one action. The row moves first, guarded by the state that the plan saw; then the containers follow it. */
@ApplicationScoped
class PoolExecutor {

    private static final Logger LOG = Logger.getLogger(PoolExecutor.class);

    private final GatewayRepository gateways;
    private final AllocationRepository allocations;
    private final LivingGateways living;
    private final ContainerRuntime containers;
    private final ContainerBirth birth;
    private final PoolConfig config;
    private final Clock clock;
    private final Event<PoolChanged> poolChanged;

    PoolExecutor(
            GatewayRepository gateways,
            AllocationRepository allocations,
            LivingGateways living,
            ContainerRuntime containers,
            ContainerBirth birth,
            PoolConfig config,
            Clock clock,
            Event<PoolChanged> poolChanged) {
        this.gateways = gateways;
        this.allocations = allocations;
        this.living = living;
        this.containers = containers;
        this.birth = birth;
        this.config = config;
        this.clock = clock;
        this.poolChanged = poolChanged;
    }

    Uni<Void> execute(PoolAction action) {
        if (action instanceof PoolAction.Grow grow) {
            return birth.ofNew(grow.gateway(), grow.member(), grow.image());
        }
        if (action instanceof PoolAction.Adopt adopt) {
            LOG.infof("adopting the container of gateway %s", adopt.gateway().name());
            return gateways.started(adopt.gateway(), adopt.container().id().value(), containers.nodeAddress())
                    .invoke(() -> poolChanged.fire(new PoolChanged("a gateway is adopted")))
                    .replaceWithVoid();
        }
        if (action instanceof PoolAction.Fail fail) {
            return fail(fail.gateway(), fail.reason());
        }
        if (action instanceof PoolAction.Replace replace) {
            return replace(replace);
        }
        if (action instanceof PoolAction.Empty empty) {
            return empty(empty);
        }
        if (action instanceof PoolAction.Retire retire) {
            return leave(retire.gateway(), "the pool shrinks")
                    .chain(left -> left ? remove(retire.old()).chain(() -> gateways.delete(retire.gateway())) : skip());
        }
        if (action instanceof PoolAction.Rename rename) {
            LOG.warnf(
                    "giving container %s its name %s back",
                    rename.container(), rename.gateway().name());
            return containers.rename(rename.container(), rename.gateway().name());
        }
        PoolAction.Reap reap = (PoolAction.Reap) action;
        LOG.infof("reaping container %s, which belongs to no member's life", reap.name());
        return remove(List.of(reap.container()));
    }

    private Uni<Void> replace(PoolAction.Replace replace) {
        Gateway gateway = replace.gateway();
        LOG.infof("replacing the container of gateway %s: %s", gateway.name(), replace.reason());
        return leave(gateway, replace.reason())
                .chain(left ->
                        left ? remove(replace.old()).chain(() -> birth.again(gateway, replace.image())) : skip());
    }

    private Uni<Void> fail(Gateway gateway, String reason) {
        LOG.warnf("gateway %s failed: %s", gateway.name(), reason);
        Instant now = clock.instant();
        GatewayState state = gateway.state();
        if (state instanceof GatewayState.Starting starting) {
            return gateways.move(gateway, starting.unhealthy(now), reason).replaceWithVoid();
        }
        if (state instanceof GatewayState.Ready ready) {
            return gateways.move(gateway, ready.unhealthy(now), reason).replaceWithVoid();
        }
        // the tenancy goes with its container; ending it releases the gateway in the same statement
        return ofItsTenancy(gateway, tenancy -> allocations.end(tenancy, EndReason.GATEWAY_LOST));
    }

    /** The row's orders make the next look go on when this process dies in between. */
    private Uni<Void> empty(PoolAction.Empty empty) {
        Gateway gateway = empty.gateway();
        LOG.infof("moving the organization of gateway %s to another one", gateway.name());
        return ofItsTenancy(gateway, tenancy -> allocations
                .reviveAfter(tenancy)
                // can't be asked to leave now: it goes on serving, and is asked again later
                .chain(() -> containers.stop(empty.container(), config.moveGrace()))
                .chain(() -> allocations.end(tenancy, EndReason.MOVED)));
    }

    /**
     * Does it to the tenancy of the life that the plan saw, by that tenancy's own id, since a grace may outlast it; then tells those who serve the queue.
     */
    private Uni<Void> ofItsTenancy(Gateway seen, Function<AllocationId, Uni<?>> step) {
        return living.allocationOf(seen.id(), seen.life()).chain(tenancy -> tenancy.map(step)
                .map(done -> done.invoke(
                                () -> poolChanged.fire(new PoolChanged("gateway " + seen.name() + " is empty")))
                        .replaceWithVoid())
                .orElseGet(PoolExecutor::skip));
    }

    /** Moves the row to {@code REMOVING}, unless it is on its way already; false when it is not any more what the plan saw. */
    private Uni<Boolean> leave(Gateway gateway, String reason) {
        GatewayState state = gateway.state();
        Instant now = clock.instant();
        if (state instanceof GatewayState.Removing || state instanceof GatewayState.Creating) {
            return Uni.createFrom().item(true);
        }
        if (state instanceof GatewayState.Starting starting) {
            return gateways.move(gateway, starting.removing(now), reason);
        }
        if (state instanceof GatewayState.Ready ready) {
            return gateways.move(gateway, ready.removing(now), reason);
        }
        if (state instanceof GatewayState.Unhealthy unhealthy) {
            return gateways.move(gateway, unhealthy.removing(now), reason);
        }
        // whoever is served is moved first
        return Uni.createFrom().item(false);
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
