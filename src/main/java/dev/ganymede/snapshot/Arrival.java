package dev.ganymede.snapshot;

import io.vertx.ext.web.RoutingContext;
import java.time.Duration;

/**
 * A push that was let in: its place in the order of arrival at all processes, and until when it has to be done (by {@link System#nanoTime()}).
 */
public record Arrival(long ticket, long deadlineNanos) {

    private static final String KEY = Arrival.class.getName();

    static Arrival now(long ticket, Duration timeout) {
        return new Arrival(ticket, System.nanoTime() + timeout.toNanos());
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
