package dev.ganymede.container.docker;

import dev.ganymede.container.ContainerEvent;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;

/**
 * Between the thread that reads the engine's events and the one that takes them: bounded, and the reader never waits.
 *
 * <p>When it is full, everything in it is replaced by one {@link ContainerEvent.Resync}: who is so slow has to list anyway. Events are handed over one at a time,
 * on the executor, as far as the subscriber asked for them.
 */
final class EventMailbox implements Flow.Subscription {

    private final Flow.Subscriber<? super ContainerEvent> subscriber;
    private final int capacity;
    private final Executor executor;
    private final Deque<ContainerEvent> waiting = new ArrayDeque<>();
    private Runnable onCancel = () -> {};
    private long requested;
    private boolean delivering;
    private boolean cancelled;

    EventMailbox(Flow.Subscriber<? super ContainerEvent> subscriber, int capacity, Executor executor) {
        this.subscriber = subscriber;
        this.capacity = capacity;
        this.executor = executor;
    }

    /** Runs once, when the subscriber leaves; to be set before the subscriber can. */
    void onCancel(Runnable action) {
        onCancel = action;
    }

    void offer(ContainerEvent event) {
        synchronized (this) {
            if (waiting.size() == capacity) {
                waiting.clear();
                waiting.add(new ContainerEvent.Resync());
            } else {
                waiting.add(event);
            }
        }
        deliver();
    }

    @Override
    public void request(long count) {
        synchronized (this) {
            long sum = requested + count;
            requested = sum < 0 ? Long.MAX_VALUE : sum;
        }
        deliver();
    }

    private void deliver() {
        synchronized (this) {
            if (delivering || !isDue()) {
                return;
            }
            delivering = true;
        }
        executor.execute(this::run);
    }

    private void run() {
        for (ContainerEvent event = next(); event != null; event = next()) {
            subscriber.onNext(event);
        }
    }

    private synchronized ContainerEvent next() {
        if (!isDue()) {
            delivering = false;
            return null;
        }
        requested--;
        return waiting.remove();
    }

    private boolean isDue() {
        return !cancelled && requested > 0 && !waiting.isEmpty();
    }

    @Override
    public void cancel() {
        synchronized (this) {
            if (cancelled) {
                return;
            }
            cancelled = true;
            waiting.clear();
        }
        onCancel.run();
    }
}
