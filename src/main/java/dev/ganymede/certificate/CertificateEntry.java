package dev.ganymede.certificate;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A certificate that an authority elsewhere issues, as the database knows it.
 *
 * @param seenAt last seen in use
 * @param wantedAt in the queue since
 * @param attemptAt nothing is tried before
 * @param attempts that came to nothing, in a row
 * @param order under way, and {@code counted} when it stands in the budget already
 * @param validity of the newest one
 */
record CertificateEntry(
        String subject,
        Instant seenAt,
        Instant wantedAt,
        Instant attemptAt,
        int attempts,
        Optional<String> problem,
        Optional<URI> order,
        boolean counted,
        Optional<Validity> validity) {

    record Validity(Instant issuedAt, Instant expiresAt) {}

    /** As operators see it. */
    enum State {
        /** Never issued, nothing wrong so far. */
        PENDING,
        ISSUED,
        /** The last attempt, at the first certificate or at the next one, came to nothing. */
        FAILING,
        EXPIRED
    }

    List<String> names() {
        return List.of(subject, "*." + subject);
    }

    boolean isRenewal() {
        return validity.isPresent();
    }

    State state(Instant now) {
        if (validity.isPresent() && !now.isBefore(validity.get().expiresAt())) {
            return State.EXPIRED;
        }
        if (attempts > 0) {
            return State.FAILING;
        }
        return validity.isPresent() ? State.ISSUED : State.PENDING;
    }
}
