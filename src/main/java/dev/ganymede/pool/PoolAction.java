package dev.ganymede.pool;

import dev.ganymede.container.ContainerId;
import dev.ganymede.container.ObservedContainer;
import dev.ganymede.gateway.Gateway;
import dev.ganymede.gateway.PoolMember;
import dev.ganymede.id.GatewayId;
import java.util.List;

/** One step towards the pool that is wanted; each is idempotent and does not depend on another one. */
sealed interface PoolAction {

    /** A new member, whose identity is made up with the plan, at this place. */
    record Grow(GatewayId gateway, PoolMember member) implements PoolAction {}

    /** A creation was cut off after its container ran: take it as it is. */
    record Adopt(Gateway gateway, ObservedContainer container) implements PoolAction {}

    /** A new container for the member; these old ones go first. */
    record Replace(Gateway gateway, List<ContainerId> old, String reason) implements PoolAction {}

    /** The member leaves the pool, with its containers. */
    record Retire(Gateway gateway, List<ContainerId> old) implements PoolAction {}

    /** A container of ours that belongs to no member. */
    record Reap(ContainerId container, String name) implements PoolAction {}
}
