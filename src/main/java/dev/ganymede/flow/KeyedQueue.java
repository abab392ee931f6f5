package dev.ganymede.flow;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.function.Supplier;

/**
 * Runs work one at a time per key, in order of arrival; different keys run side by side.
 *
 * <p>Work that was begun is not cancelled when its caller leaves, so an effect is never left half-known. Thread-safe.
 */
public final class KeyedQueue<K> {

    private final Map<K, Queue<Runnable>> queues = new HashMap<>();

    /** Runs the work when its turn comes. */
    public <T> Uni<T> run(K key, Supplier<Uni<T>> work) {
        return Uni.createFrom().emitter(emitter -> enqueue(key, () -> begin(key, work, emitter)));
    }

    private <T> void begin(K key, Supplier<Uni<T>> work, UniEmitter<? super T> emitter) {
        Uni.createFrom()
                .deferred(() -> work.get())
                .subscribe()
                .with(
                        item -> {
                            next(key);
                            emitter.complete(item);
                        },
                        failure -> {
                            next(key);
                            emitter.fail(failure);
                        });
    }

    private void enqueue(K key, Runnable turn) {
        synchronized (queues) {
            Queue<Runnable> waiting = queues.get(key);
            if (waiting != null) {
                waiting.add(turn);
                return;
            }
            queues.put(key, new ArrayDeque<>());
        }
        turn.run();
    }

    private void next(K key) {
        Runnable turn;
        synchronized (queues) {
            turn = queues.get(key).poll();
            if (turn == null) {
                queues.remove(key);
                return;
            }
        }
        turn.run();
    }
}
