package dev.ganymede.pool;

import dev.ganymede.gateway.Gateway;
import dev.ganymede.id.GatewayId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Actions that wait or run.
 *
 * @param busy gateways that they work on; they are left alone
 * @param leaving those among them that leave the pool
 */
record Work(Set<GatewayId> busy, Set<GatewayId> leaving) {

    static final Work NONE = new Work(Set.of(), Set.of());

    Work {
        busy = Set.copyOf(busy);
        leaving = Set.copyOf(leaving);
    }

    /** Members whose creation is under way, and whose row is not among these yet. */
    Set<GatewayId> unborn(List<Gateway> seen) {
        Set<GatewayId> unseen = new HashSet<>(busy);
        unseen.removeAll(leaving);
        seen.forEach(gateway -> unseen.remove(gateway.id()));
        return unseen;
    }
}
