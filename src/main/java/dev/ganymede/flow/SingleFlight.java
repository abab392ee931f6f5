package dev.ganymede.flow;

import io.smallrye.mutiny.Uni;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Joins concurrent callers that ask for the same thing: while a flight for a key is under way, everybody gets its outcome, on the thread where it ends.
 *
 * <p>A flight is not cancelled when a passenger leaves. Thread-safe.
 */
public final class SingleFlight<K, V> {

    private final ConcurrentHashMap<K, CompletableFuture<V>> flights = new ConcurrentHashMap<>();

    /** The outcome of the flight under way, or of a new one. */
    public Uni<V> join(K key, Supplier<Uni<V>> flight) {
        return Uni.createFrom().emitter(passenger -> board(key, flight).whenComplete((outcome, failure) -> {
            if (failure == null) {
                passenger.complete(outcome);
            } else {
                passenger.fail(failure);
            }
        }));
    }

    private CompletableFuture<V> board(K key, Supplier<Uni<V>> flight) {
        CompletableFuture<V> next = new CompletableFuture<>();
        CompletableFuture<V> underWay = flights.putIfAbsent(key, next);
        if (underWay != null) {
            return underWay;
        }
        Uni.createFrom()
                .deferred(() -> flight.get())
                // who comes from now on gets a new one
                .onTermination()
                .invoke(() -> flights.remove(key, next))
                .subscribe()
                .with(next::complete, next::completeExceptionally);
        return next;
    }
}
