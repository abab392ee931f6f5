package dev.ganymede.pool;

import dev.ganymede.container.ContainerInventory;
import dev.ganymede.container.ContainerRuntime;
import dev.ganymede.gateway.GatewayRepository;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.List;
import java.util.Set;

/** Looks at the pool. */
@ApplicationScoped
class PoolObserver {

    private final GatewayRepository gateways;
    private final PoolSettingsRepository settings;
    private final RolloutRepository rollouts;
    private final ContainerRuntime containers;
    private final Clock clock;

    PoolObserver(
            GatewayRepository gateways,
            PoolSettingsRepository settings,
            RolloutRepository rollouts,
            ContainerRuntime containers,
            Clock clock) {
        this.gateways = gateways;
        this.settings = settings;
        this.rollouts = rollouts;
        this.containers = containers;
        this.clock = clock;
    }

    /** Containers first, rows second: a row is always written before its container. */
    Uni<PoolObservation> look(Work work) {
        return containers.inventory().chain(inventory -> rows(inventory, work));
    }

    /** What stands in the database alone. */
    Uni<PoolObservation> rows() {
        return rows(new ContainerInventory(List.of(), Set.of()), Work.NONE);
    }

    private Uni<PoolObservation> rows(ContainerInventory inventory, Work work) {
        return Uni.combine()
                .all()
                .unis(gateways.all(), settings.get(), rollouts.newest())
                .with((members, held, rollout) ->
                        new PoolObservation(clock.instant(), members, inventory, held, rollout, work));
    }
}
