package dev.ganymede.flow;

import io.smallrye.mutiny.Uni;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** So much work at the same time and no more: what comes beyond fails with {@link FullException} at once. Thread-safe. */
public final class Limit {

    private final int capacity;
    private final AtomicInteger underWay = new AtomicInteger();

    public Limit(int capacity) {
        this.capacity = capacity;
    }

    /** The work, when there is a place for it; the place is free again when it has ended, failed or was cancelled. */
    public <T> Uni<T> within(Supplier<Uni<T>> work) {
        return Uni.createFrom().deferred(() -> {
            if (underWay.incrementAndGet() > capacity) {
                underWay.decrementAndGet();
                return Uni.createFrom().failure(new FullException(capacity));
            }
            return Uni.createFrom().deferred(() -> work.get()).onTermination().invoke(() -> underWay.decrementAndGet());
        });
    }
}
