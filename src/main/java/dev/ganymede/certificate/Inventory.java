package dev.ganymede.certificate;

import dev.ganymede.certificate.CertificateEntry.State;
import dev.ganymede.certificate.CertificateEntry.Validity;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an issuer has, for operators.
 *
 * @param issuer as it is configured
 * @param authority elsewhere
 * @param problems by what they are about
 */
record Inventory(
        String issuer,
        Optional<String> authority,
        Optional<Budget> budget,
        List<Item> items,
        Map<String, String> problems) {

    /** One certificate. */
    record Item(
            String subject,
            State state,
            Optional<Validity> validity,
            int attempts,
            Optional<String> problem,
            Optional<Instant> attemptAt) {}

    long count(State state) {
        return items.stream().filter(item -> item.state() == state).count();
    }

    /** Of all that are not over yet. */
    Optional<Instant> earliestExpiry() {
        return items.stream()
                .filter(item -> item.state() != State.EXPIRED)
                .flatMap(item -> item.validity().stream())
                .map(Validity::expiresAt)
                .min(Comparator.naturalOrder());
    }
}
