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

    /** In an update of gateways whose {@code %1$s} is the parameter with the time now: this life has come to something. */
    private static final String PROVEN = "(state = 'READY' and state_since <= %1$s::timestamptz - interval '1 minute')";

    /** In its {@code set}: a life that was ready for a minute ends a row of failures. */
    static final String FORGIVEN = "failures = case when " + PROVEN + " then 0 else failures end";

    /**
     * In its {@code set}: one more, unless this life had come to something. The first costs no wait, then about 1 s, 3 s, 7 s … at most five minutes; spread a
     * little, so that many that failed together don't come back together.
     */
    static final String ONE_MORE =
            """
            failures = case when %1$s then 0 else failures + 1 end,
            not_before = case when not %1$s then %%1$s::timestamptz + make_interval(
                secs => least(300, (power(2, least(failures, 9)) - 1) * (0.9 + 0.2 * random()))) end
            """
                    .formatted(PROVEN);
}
