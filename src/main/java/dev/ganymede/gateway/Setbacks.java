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
     * One more, in the {@code set} of an update whose {@code %1$s} is the parameter with the time now: the first costs no wait, then about 1 s, 3 s, 7 s … at most
     * five minutes. Spread a little, so that many that failed together don't come back together. A life that was ready for a minute has come to something: the
     * count begins anew.
     */
    static final String ONE_MORE =
            """
            failures = case when state = 'READY' and state_since <= %1$s::timestamptz - interval '1 minute'
                then 0 else failures + 1 end,
            not_before = case when state = 'READY' and state_since <= %1$s::timestamptz - interval '1 minute'
                then null
                else %1$s::timestamptz + make_interval(
                    secs => least(300, (power(2, least(failures, 9)) - 1) * (0.9 + 0.2 * random()))) end
            """;
}
