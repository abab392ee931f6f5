package dev.ganymede.flow;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * One writer with a waiting room: at most one batch runs at a time, and everything that arrives meanwhile goes into the
 * next one, in order of arrival.
 *
 * <p>An item succeeds or fails with the batch that it was in. The waiting room is bounded: a full one fails the item with
 * {@link FullException} at once. Thread-safe; completions are signalled on the thread that ends the batch.
 */
public final class Batcher<T> {

    private record Waiting<T>(T item, UniEmitter<? super Void> emitter) {}

    private final int capacity;
    private final long maxWeight;
    private final ToLongFunction<T> weight;
    private final Function<List<T>, Uni<Void>> writer;
    private final Deque<Waiting<T>> waiting = new ArrayDeque<>();
    private boolean running;

    /**
     * @param capacity items that may wait, those of the running batch not counted
     * @param maxBatch items that one batch takes at most
     * @param writer runs one batch; it is never called again before its {@code Uni} has ended
     */
    public Batcher(int capacity, int maxBatch, Function<List<T>, Uni<Void>> writer) {
        this(capacity, maxBatch, item -> 1, writer);
    }

    /**
     * Likewise, for items that are not alike.
     *
     * @param maxWeight of one batch; an item that weighs more has one of its own
     * @param weight of one item; asked under a lock, so it is known already
     */
    public Batcher(int capacity, long maxWeight, ToLongFunction<T> weight, Function<List<T>, Uni<Void>> writer) {
        this.capacity = capacity;
        this.maxWeight = maxWeight;
        this.weight = weight;
        this.writer = writer;
    }

    /** Queues the item when subscribed to; ends with the batch it went into. */
    public Uni<Void> submit(T item) {
        return Uni.createFrom().emitter(emitter -> enqueue(new Waiting<>(item, emitter)));
    }

    private void enqueue(Waiting<T> entry) {
        boolean full;
        synchronized (this) {
            full = waiting.size() >= capacity;
            if (!full) {
                waiting.addLast(entry);
            }
        }
        if (full) {
            entry.emitter().fail(new FullException(capacity));
        } else {
            runNext();
        }
    }

    private void runNext() {
        List<Waiting<T>> batch = takeBatch();
        if (batch.isEmpty()) {
            return;
        }
        write(batch.stream().map(Waiting::item).toList())
                .subscribe()
                .with(done -> end(batch, null), failure -> end(batch, failure));
    }

    private Uni<Void> write(List<T> items) {
        try {
            return writer.apply(items);
        } catch (RuntimeException failure) {
            return Uni.createFrom().failure(failure);
        }
    }

    private synchronized List<Waiting<T>> takeBatch() {
        if (running || waiting.isEmpty()) {
            return List.of();
        }
        running = true;
        List<Waiting<T>> batch = new ArrayList<>();
        long room = maxWeight;
        while (!waiting.isEmpty() && (batch.isEmpty() || weightOfNext() <= room)) {
            room -= weightOfNext();
            batch.add(waiting.removeFirst());
        }
        return batch;
    }

    private long weightOfNext() {
        return weight.applyAsLong(waiting.getFirst().item());
    }

    private void end(List<Waiting<T>> batch, Throwable failure) {
        synchronized (this) {
            running = false;
        }
        runNext();
        for (Waiting<T> entry : batch) {
            if (failure == null) {
                entry.emitter().complete(null);
            } else {
                entry.emitter().fail(failure);
            }
        }
    }
}
