package dev.ganymede.snapshot;

import dev.ganymede.problem.Problem;
import dev.ganymede.problem.ProblemType;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Lets two pushes at a time hold a large JSON value: until it is found valid it needs many times its length in memory. */
@ApplicationScoped
class LargeValues {

    private static final int AT_ONCE = 2;
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private final Semaphore places = new Semaphore(AT_ONCE, true);

    /** For one value after the other of one push. */
    interface Turn {

        /** Who reads alone. */
        Turn FREE = new Turn() {
            @Override
            public void take() {}

            @Override
            public void giveBack() {}
        };

        /** The value is large; waits for its place, unless it has one. */
        void take();

        /** The value has been read, or given up. */
        void giveBack();
    }

    /** Waits until the push has to be done. */
    Turn turn(Arrival arrival) {
        return new Turn() {

            private boolean taken;

            @Override
            public void take() {
                if (!taken) {
                    await(arrival);
                    taken = true;
                }
            }

            @Override
            public void giveBack() {
                if (taken) {
                    taken = false;
                    places.release();
                }
            }
        };
    }

    private void await(Arrival arrival) {
        try {
            if (!places.tryAcquire(Math.max(0, arrival.leftNanos()), TimeUnit.NANOSECONDS)) {
                throw Problem.retryable(ProblemType.OVERLOADED, "Too many large pushes at once.", RETRY_AFTER);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a push waited for its turn", interrupted);
        }
    }
}
