package dev.ganymede.flow;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;

/**
 * Takes items at once and writes them a little later: in batches, in their order, never more than one write at a time.
 *
 * <p>A batch that could not be written goes back to where it was and is tried again after a pause; meanwhile items wait, and when there
 * are too many the oldest are dropped. A write whose outcome is unknown is repeated, so an item may be written twice. Thread-safe;
 * {@link #add} neither writes nor waits.
 */
public final class WriteBehind<T> {

    /**
     * @param capacity items that may wait, those of the running write not counted
     * @param batch items of one write
     * @param delay from the first item that waits to its write; a full batch does not wait
     * @param pause after a write that failed
     */
    public record Limits(int capacity, int batch, Duration delay, Duration pause) {}

    /** Runs a task on a thread of its own choice, after a time. */
    @FunctionalInterface
    public interface Timer {
        void after(Duration delay, Runnable task);
    }

    /** Hears of outages: their begin, what they cost, their end. */
    public interface Trouble {

        /** The first write that failed after one that succeeded. */
        void began(Throwable failure);

        /** So many items are lost. */
        void dropped(int items);

        /** A write succeeded again. */
        void ended();
    }

    private enum Phase {
        IDLE,
        /** The timer runs. */
        WAITING,
        /** A full batch waits: its task is on the way. */
        DUE,
        WRITING,
        /** The last write failed. */
        PAUSING
    }

    private final Limits limits;
    private final Timer timer;
    private final Function<List<T>, Uni<Void>> writer;
    private final Trouble trouble;
    private final Deque<T> waiting = new ArrayDeque<>();
    private final List<UniEmitter<? super Void>> flushing = new ArrayList<>();
    private Phase phase = Phase.IDLE;
    private boolean outage;
    private long alarms;

    /** @param writer writes one batch; it is never called again before its {@code Uni} has ended */
    public WriteBehind(Limits limits, Timer timer, Function<List<T>, Uni<Void>> writer, Trouble trouble) {
        this.limits = limits;
        this.timer = timer;
        this.writer = writer;
        this.trouble = trouble;
    }

    /** Will be written; when too many wait, at the cost of the oldest. */
    public void add(T item) {
        boolean overflow;
        Duration wake = null;
        synchronized (this) {
            waiting.addLast(item);
            overflow = trim() > 0;
            boolean full = waiting.size() >= limits.batch();
            if (phase == Phase.IDLE || phase == Phase.WAITING && full) {
                phase = full ? Phase.DUE : Phase.WAITING;
                wake = full ? Duration.ZERO : limits.delay();
            }
        }
        if (overflow) {
            trouble.dropped(1);
        }
        if (wake != null) {
            wakeUp(wake);
        }
    }

    /** Writes what waits without further delay; ends when nothing waits, or fails with the first write that does. */
    public Uni<Void> flush() {
        return Uni.createFrom().emitter(emitter -> {
            synchronized (this) {
                flushing.add(emitter);
            }
            write();
        });
    }

    /** Only the youngest alarm counts. */
    private void wakeUp(Duration delay) {
        long mine;
        synchronized (this) {
            mine = ++alarms;
        }
        timer.after(delay, () -> {
            if (isYoungest(mine)) {
                write();
            }
        });
    }

    private synchronized boolean isYoungest(long alarm) {
        return alarm == alarms;
    }

    private void write() {
        List<T> batch = take();
        if (!batch.isEmpty()) {
            attempt(batch).subscribe().with(done -> written(), failure -> failed(batch, failure));
        } else if (nothingLeft()) {
            takeFlushing().forEach(emitter -> emitter.complete(null));
        }
    }

    private Uni<Void> attempt(List<T> batch) {
        try {
            return writer.apply(batch);
        } catch (RuntimeException failure) {
            return Uni.createFrom().failure(failure);
        }
    }

    private synchronized boolean nothingLeft() {
        return phase == Phase.IDLE;
    }

    private synchronized List<T> take() {
        List<T> batch = new ArrayList<>(Math.min(limits.batch(), waiting.size()));
        if (phase == Phase.WRITING) {
            return batch;
        }
        while (!waiting.isEmpty() && batch.size() < limits.batch()) {
            batch.add(waiting.removeFirst());
        }
        phase = batch.isEmpty() ? Phase.IDLE : Phase.WRITING;
        return batch;
    }

    private void written() {
        boolean recovered;
        boolean now;
        synchronized (this) {
            recovered = outage;
            outage = false;
            now = waiting.isEmpty() || waiting.size() >= limits.batch() || !flushing.isEmpty();
            phase = Phase.WAITING;
        }
        if (recovered) {
            trouble.ended();
        }
        if (now) {
            write();
        } else {
            wakeUp(limits.delay());
        }
    }

    private void failed(List<T> batch, Throwable failure) {
        boolean first;
        int dropped;
        synchronized (this) {
            first = !outage;
            outage = true;
            for (int i = batch.size() - 1; i >= 0; i--) {
                waiting.addFirst(batch.get(i));
            }
            dropped = trim();
            phase = Phase.PAUSING;
        }
        if (first) {
            trouble.began(failure);
        }
        if (dropped > 0) {
            trouble.dropped(dropped);
        }
        takeFlushing().forEach(emitter -> emitter.fail(failure));
        wakeUp(limits.pause());
    }

    private int trim() {
        int dropped = 0;
        while (waiting.size() > limits.capacity()) {
            waiting.removeFirst();
            dropped++;
        }
        return dropped;
    }

    private synchronized List<UniEmitter<? super Void>> takeFlushing() {
        List<UniEmitter<? super Void>> taken = List.copyOf(flushing);
        flushing.clear();
        return taken;
    }
}
