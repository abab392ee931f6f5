package dev.ganymede.snapshot;

import io.vertx.ext.web.RoutingContext;
import java.time.Duration;

/**
 * A push that was let in.
 *
 * @param ticket its place in the order of arrival at all processes
 * @param deadlineNanos until when it has to be done, by {@link System#nanoTime()}
 * @param quotaBytes what its organization may store
 */
public record Arrival(long ticket, long deadlineNanos, long quotaBytes) {

    private static final String KEY = Arrival.class.getName();

    static Arrival now(long ticket, Duration timeout, long quotaBytes) {
        return new Arrival(ticket, System.nanoTime() + timeout.toNanos(), quotaBytes);
    }

    /** Goes along with its request. */
    public void attach(RoutingContext exchange) {
        exchange.put(KEY, this);
    }

    static Arrival of(RoutingContext exchange) {
        Arrival arrival = exchange.get(KEY);
        if (arrival == null) {
            throw new IllegalStateException("a push came in at another door: " + exchange.normalizedPath());
        }
        return arrival;
    }

    long leftNanos() {
        return deadlineNanos - System.nanoTime();
    }
}
