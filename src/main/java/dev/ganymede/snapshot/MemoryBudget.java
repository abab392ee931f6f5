package dev.ganymede.snapshot;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** What all pushes together may keep in memory on its way to the database. Who waits for some of it holds none, so nobody waits forever. */
@ApplicationScoped
class MemoryBudget {

    private static final int UNIT_BYTES = 1024;

    private final int units;
    private final Semaphore free;

    MemoryBudget(SnapshotConfig config) {
        units = Math.toIntExact(config.memoryBytes() / UNIT_BYTES);
        free = new Semaphore(units, true);
    }

    /** Takes it when it is free, and nobody waits: who needs much would wait forever. */
    boolean tryTake(long bytes) throws InterruptedException {
        // without a time it would not ask who waits
        return free.tryAcquire(units(bytes), 0, TimeUnit.NANOSECONDS);
    }

    /** Waits for it; false: it did not become free in time. Only for who holds none. */
    boolean take(long bytes, long timeoutNanos) throws InterruptedException {
        return free.tryAcquire(units(bytes), Math.max(0, timeoutNanos), TimeUnit.NANOSECONDS);
    }

    void giveBack(long bytes) {
        free.release(units(bytes));
    }

    private int units(long bytes) {
        return (int) Math.min(units, bytes / UNIT_BYTES + 1);
    }
}
