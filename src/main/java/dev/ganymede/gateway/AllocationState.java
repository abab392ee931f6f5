package dev.ganymede.gateway;

import java.time.Instant;

/** How far an organization's tenancy is (DESIGN §3): {@code HANDSHAKING → SERVING → ENDED(reason)}. */
public sealed interface AllocationState {

    /** As it stands in the database and in answers. */
    Name name();

    /** Names of the states. */
    enum Name {
        HANDSHAKING,
        SERVING,
        ENDED
    }

    /** The gateway is being handed over; must be done before {@code expiresAt}. */
    record Handshaking(Instant expiresAt) implements AllocationState {
        public Serving serving(Instant now) {
            return new Serving(now);
        }

        public Ended ended(Instant now, EndReason reason) {
            return new Ended(now, reason);
        }

        @Override
        public Name name() {
            return Name.HANDSHAKING;
        }
    }

    /** Proven through the edge. */
    record Serving(Instant since) implements AllocationState {
        public Ended ended(Instant now, EndReason reason) {
            return new Ended(now, reason);
        }

        @Override
        public Name name() {
            return Name.SERVING;
        }
    }

    /** Over: its tokens are dead. */
    record Ended(Instant at, EndReason reason) implements AllocationState {
        @Override
        public Name name() {
            return Name.ENDED;
        }
    }
}
