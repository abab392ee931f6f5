package dev.ganymede.certificate;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How many certificates the authority still issues us, over a window that slides.
 *
 * @param limit within any window
 * @param spent within the one that ends now
 * @param nextAt when the oldest of them leaves the window; empty while nothing is spent
 */
record Budget(int limit, int spent, Optional<Instant> nextAt) {

    /** What an operator has set. */
    record Rules(int limit, Duration window, boolean renewalsCount, int warnAtPercent) {}

    /** One certificate that was asked for. */
    record Issuance(Instant at, boolean renewal) {}

    static Budget at(Instant now, List<Issuance> issuances, Rules rules) {
        List<Instant> counting = issuances.stream()
                .filter(issuance -> rules.renewalsCount() || !issuance.renewal())
                .map(Issuance::at)
                .filter(at -> at.plus(rules.window()).isAfter(now))
                .sorted()
                .toList();
        // of more than the limit, as after it was lowered, so many have to leave that there is room for one
        int blocking = Math.max(0, counting.size() - rules.limit());
        Optional<Instant> next = counting.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        counting.get(Math.min(blocking, counting.size() - 1)).plus(rules.window()));
        return new Budget(rules.limit(), counting.size(), next);
    }

    int left() {
        return Math.max(0, limit - spent);
    }

    boolean isSpent() {
        return left() == 0;
    }

    boolean isScarce(Rules rules) {
        return spent * 100L >= (long) limit * rules.warnAtPercent();
    }
}
