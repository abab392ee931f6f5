package dev.ganymede.pool;

import dev.ganymede.container.ContainerInventory;
import dev.ganymede.gateway.Gateway;
import dev.ganymede.id.GatewayId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What one look at the world showed. Containers were listed before the gateways were read, so a gateway that is being born is never taken for an
 * orphan.
 *
 * @param rollout the newest one
 * @param work what was under way when the look began
 */
record PoolObservation(
        Instant now,
        List<Gateway> gateways,
        ContainerInventory inventory,
        PoolSettings settings,
        Optional<Rollout> rollout,
        Work work) {

    PoolObservation {
        gateways = List.copyOf(gateways);
    }

    boolean busy(GatewayId gateway) {
        return work.busy().contains(gateway);
    }
}
