package dev.ganymede.pool;

import io.smallrye.mutiny.infrastructure.Infrastructure;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Rings once, at the time that was set last. */
final class Alarm {

    // a deadline that is reached by one clock may be a moment ahead by another
    private static final Duration LEAST = Duration.ofMillis(10);

    private Future<?> set;

    synchronized void set(Duration after, Runnable ring) {
        cancel();
        Duration wait = after.compareTo(LEAST) < 0 ? LEAST : after;
        set = Infrastructure.getDefaultWorkerPool().schedule(ring, wait.toMillis(), TimeUnit.MILLISECONDS);
    }

    synchronized void cancel() {
        if (set != null) {
            set.cancel(false);
            set = null;
        }
    }
}
