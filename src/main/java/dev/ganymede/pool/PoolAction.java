package dev.ganymede.pool;

import dev.ganymede.container.ContainerId;
import dev.ganymede.container.ObservedContainer;
import dev.ganymede.gateway.Gateway;
import dev.ganymede.gateway.PoolMember;
import dev.ganymede.id.GatewayId;
import java.util.List;
import java.util.Optional;

/** One step towards the pool that is wanted; each is idempotent and does not depend on another one. */
sealed interface PoolAction {

    /** What it works on: a gateway's id, or a container's that belongs to none. Never two at a time on one. */
    Object subject();

    /** It is about a member whose row was seen. */
    sealed interface OfMember extends PoolAction {
        Gateway gateway();

        @Override
        default Object subject() {
            return gateway().id();
        }
    }

    /** A new member, whose identity is made up with the plan, at this place. */
    record Grow(GatewayId gateway, PoolMember member, Optional<String> image) implements PoolAction {
        @Override
        public Object subject() {
            return gateway;
        }
    }

    /** A creation was cut off after its container ran: take it as it is. */
    record Adopt(Gateway gateway, ObservedContainer container) implements OfMember {}

    /** Its life has come to nothing. The row says so, and whom it served waits for another gateway; containers are left to the next look. */
    record Fail(Gateway gateway, String reason) implements OfMember {}

    /** A new container, of this image, for a member that serves nobody; these old ones go first. */
    record Replace(Gateway gateway, List<ContainerId> old, Optional<String> image, String reason) implements OfMember {}

    /** Whom it serves is moved to another gateway. */
    record Empty(Gateway gateway, ContainerId container) implements OfMember {}

    /** The member leaves the pool, with its containers. */
    record Retire(Gateway gateway, List<ContainerId> old) implements OfMember {}

    /** Its container has another name than the member. */
    record Rename(Gateway gateway, ContainerId container) implements OfMember {}

    /** A container of ours that belongs to no member, or to an earlier life of one. */
    record Reap(ContainerId container, String name) implements PoolAction {
        @Override
        public Object subject() {
            return container;
        }
    }
}
