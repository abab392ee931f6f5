package dev.ganymede.pool;

import dev.ganymede.container.ContainerInventory;
import dev.ganymede.gateway.Gateway;
import dev.ganymede.id.GatewayId;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * What one look at the world showed. Containers were listed before the gateways were read, so a gateway that is being born is never taken for an
 * orphan.
 *
 * @param desired members that the pool should have
 * @param busy gateways that an action was working on when the look began; they are left alone
 */
record PoolObservation(
        Instant now, int desired, List<Gateway> gateways, ContainerInventory inventory, Set<GatewayId> busy) {

    PoolObservation {
        gateways = List.copyOf(gateways);
        busy = Set.copyOf(busy);
    }
}
