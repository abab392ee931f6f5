package dev.ganymede.flow;

import io.smallrye.mutiny.Uni;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Joins concurrent callers that ask for the same thing: while a flight for a key is under way, everybody gets its outcome.
 *
 * <p>A flight is not cancelled when a passenger leaves. Thread-safe.
 */
public final class SingleFlight<K, V> {

    private final ConcurrentHashMap<K, Uni<V>> flights = new ConcurrentHashMap<>();

    /** The outcome of the flight under way, or of a new one. */
    public Uni<V> join(K key, Supplier<Uni<V>> flight) {
        return Uni.createFrom().deferred(() -> flights.computeIfAbsent(key, absent -> take(key, flight)));
    }

    private Uni<V> take(K key, Supplier<Uni<V>> flight) {
        return Uni.createFrom()
                .deferred(() -> flight.get())
                .onTermination()
                .invoke(() -> flights.remove(key))
                .memoize()
                .indefinitely();
    }
}
