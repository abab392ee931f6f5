package dev.ganymede.gateway;

import java.time.Instant;

/**
 * What a gateway's container is up to (DESIGN §3): {@code CREATING → STARTING → READY → ALLOCATED → REMOVING} and round again, {@code
 * UNHEALTHY → REMOVING} from anywhere. A move is a method on the states that allow it.
 */
public sealed interface GatewayState {

    /** When it was entered, by the service's clock. */
    Instant since();

    /** As it stands in the database and in answers. */
    Name name();

    /** Names of the states. */
    enum Name {
        CREATING,
        STARTING,
        READY,
        ALLOCATED,
        UNHEALTHY,
        REMOVING
    }

    /** Rebuilds a state from its row. */
    static GatewayState of(Name name, Instant since) {
        return switch (name) {
            case CREATING -> new Creating(since);
            case STARTING -> new Starting(since);
            case READY -> new Ready(since);
            case ALLOCATED -> new Allocated(since);
            case UNHEALTHY -> new Unhealthy(since);
            case REMOVING -> new Removing(since);
        };
    }

    /** The intent stands, the container may or may not exist. */
    record Creating(Instant since) implements GatewayState {
        public Starting started(Instant now) {
            return new Starting(now);
        }

        /** The gateway may call before its creation has been recorded. */
        public Ready ready(Instant now) {
            return new Ready(now);
        }

        @Override
        public Name name() {
            return Name.CREATING;
        }
    }

    /** The container runs and has not called {@code /gateway/ready} yet. */
    record Starting(Instant since) implements GatewayState {
        public Ready ready(Instant now) {
            return new Ready(now);
        }

        public Unhealthy unhealthy(Instant now) {
            return new Unhealthy(now);
        }

        /** Not wanted any more, before it was ready. */
        public Removing removing(Instant now) {
            return new Removing(now);
        }

        @Override
        public Name name() {
            return Name.STARTING;
        }
    }

    /** May be allocated. */
    record Ready(Instant since) implements GatewayState {
        public Allocated allocated(Instant now) {
            return new Allocated(now);
        }

        public Unhealthy unhealthy(Instant now) {
            return new Unhealthy(now);
        }

        /** Leaves because the pool shrinks, or for a new container. */
        public Removing removing(Instant now) {
            return new Removing(now);
        }

        @Override
        public Name name() {
            return Name.READY;
        }
    }

    /** Belongs to one organization's allocation. */
    record Allocated(Instant since) implements GatewayState {
        /** The allocation ended in good order. */
        public Removing removing(Instant now) {
            return new Removing(now);
        }

        public Unhealthy unhealthy(Instant now) {
            return new Unhealthy(now);
        }

        @Override
        public Name name() {
            return Name.ALLOCATED;
        }
    }

    /** Failed; waits for its container to be replaced. */
    record Unhealthy(Instant since) implements GatewayState {
        public Removing removing(Instant now) {
            return new Removing(now);
        }

        @Override
        public Name name() {
            return Name.UNHEALTHY;
        }
    }

    /** The container is on its way out. */
    record Removing(Instant since) implements GatewayState {
        /** A new life under the same name and ports. */
        public Creating recreate(Instant now) {
            return new Creating(now);
        }

        @Override
        public Name name() {
            return Name.REMOVING;
        }
    }
}
