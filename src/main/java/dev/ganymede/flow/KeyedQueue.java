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
 * <p>Work that was begun is not cancelled when its caller leaves, so an effect is never left half-known. What waits is bounded, for each key and for all of
 * them: work without a place fails with {@link FullException} at once. Thread-safe.
 */
public final class KeyedQueue<K> {

    private final int capacityPerKey;
    private final int capacity;
    private final Map<K, Queue<Runnable>> queues = new HashMap<>();
    private int waiting;

    /**
     * @param capacityPerKey work of one key that may wait, what runs not counted
     * @param capacity work that may wait altogether
     */
    public KeyedQueue(int capacityPerKey, int capacity) {
        this.capacityPerKey = capacityPerKey;
        this.capacity = capacity;
    }

    /** Runs the work when its turn comes. */
    public <T> Uni<T> run(K key, Supplier<Uni<T>> work) {
        return Uni.createFrom().emitter(emitter -> {
            if (!enqueue(key, () -> begin(key, work, emitter))) {
                emitter.fail(new FullException(Math.min(capacityPerKey, capacity)));
            }
        });
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

    /** False when there is no place. */
    private boolean enqueue(K key, Runnable turn) {
        synchronized (queues) {
            Queue<Runnable> ahead = queues.get(key);
            if (ahead != null) {
                boolean full = ahead.size() >= capacityPerKey || waiting >= capacity;
                if (!full) {
                    ahead.add(turn);
                    waiting++;
                }
                return !full;
            }
            queues.put(key, new ArrayDeque<>());
        }
        turn.run();
        return true;
    }

    private void next(K key) {
        Runnable turn;
        synchronized (queues) {
            turn = queues.get(key).poll();
            if (turn == null) {
                queues.remove(key);
                return;
            }
            waiting--;
        }
        turn.run();
    }
}
