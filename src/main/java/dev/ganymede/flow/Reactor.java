package dev.ganymede.flow;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Does the same work whenever it is told to, one run at a time: any number of signals during a run make one more.
 *
 * <p>A run that takes longer than its time is given up, so that a stuck one does not end all of them. A run that fails is told and forgotten. Thread-safe.
 */
public final class Reactor {

    private final Supplier<Uni<Void>> work;
    private final Duration timeout;
    private final Consumer<Throwable> failed;
    private boolean running;
    private boolean again;

    public Reactor(Supplier<Uni<Void>> work, Duration timeout, Consumer<Throwable> failed) {
        this.work = work;
        this.timeout = timeout;
        this.failed = failed;
    }

    /** Run soon. Returns at once. */
    public void signal() {
        synchronized (this) {
            if (running) {
                again = true;
                return;
            }
            running = true;
        }
        run();
    }

    private void run() {
        Uni.createFrom()
                .deferred(() -> work.get())
                .ifNoItem()
                .after(timeout)
                .fail()
                .onFailure()
                .invoke(failed)
                .subscribe()
                .with(done -> ended(), failure -> ended());
    }

    private void ended() {
        synchronized (this) {
            running = again;
            again = false;
            if (!running) {
                return;
            }
        }
        run();
    }
}
