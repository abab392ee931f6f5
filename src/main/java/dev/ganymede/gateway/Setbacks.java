package dev.ganymede.gateway;

import java.time.Instant;
import java.util.Optional;

/**
 * Lives of one gateway, in a row, that came to nothing.
 *
 * @param notBefore no new life begins before; absent: at once
 */
public record Setbacks(int count, Optional<Instant> notBefore) {

    public static final Setbacks NONE = new Setbacks(0, Optional.empty());

    /**
     * One more, in the {@code set} of an update whose {@code %s} is the parameter with the time now: the first costs no wait, then 1 s, 3 s, 7 s … at most five
     * minutes.
     */
    static final String ONE_MORE =
            "failures = failures + 1, not_before = %s + make_interval(secs => least(300, power(2, least(failures, 9)) - 1))";
}
