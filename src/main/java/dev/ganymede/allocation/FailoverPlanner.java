package dev.ganymede.allocation;

import dev.ganymede.gateway.Revival;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Whom to serve again now, and when to look again: first come first, so many at a time, nobody twice, nobody before they are due. */
final class FailoverPlanner {

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    // far beyond any longest pause, and no overflow
    private static final int MOST_DOUBLINGS = 20;

    private final int parallel;
    private final Duration longestPause;

    FailoverPlanner(int parallel, Duration longestPause) {
        this.parallel = parallel;
        this.longestPause = longestPause;
    }

    FailoverPlan plan(FailoverObservation seen) {
        int places =
                seen.exhausted() ? 0 : Math.max(0, parallel - seen.underWay().size());
        List<Revival> begin = seen.queue().stream()
                .filter(entry -> !seen.underWay().contains(entry.organization()))
                .filter(entry -> !entry.notBefore().isAfter(seen.now()))
                .limit(places)
                .toList();
        Optional<Instant> next = seen.queue().stream()
                .map(Revival::notBefore)
                .filter(notBefore -> notBefore.isAfter(seen.now()))
                .min(Instant::compareTo);
        return new FailoverPlan(begin, next);
    }

    /** How long to wait after one more attempt has failed: 1 s, 2 s, 4 s … */
    Duration pauseAfter(int earlierFailures) {
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(earlierFailures, MOST_DOUBLINGS));
        return pause.compareTo(longestPause) < 0 ? pause : longestPause;
    }
}
