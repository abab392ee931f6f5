package dev.ganymede.container.docker;

import dev.ganymede.container.ContainerRuntimeException;
import dev.ganymede.flow.CallersContext;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where docker-java may block: a few named threads behind a bounded queue.
 *
 * <p>A result comes back on the Vert.x context that subscribed. A call whose subscriber has left, or that waited too long, is never made: nothing is
 * created for a caller who is gone. Any failure becomes a {@link ContainerRuntimeException}.
 */
final class BlockingCalls implements AutoCloseable {

    private final ThreadPoolExecutor executor;
    private final Duration queueTimeout;

    BlockingCalls(int threads, int queueLimit, Duration queueTimeout) {
        AtomicInteger number = new AtomicInteger();
        this.queueTimeout = queueTimeout;
        this.executor = new ThreadPoolExecutor(
                threads, threads, 30, TimeUnit.SECONDS, new ArrayBlockingQueue<>(queueLimit), task -> {
                    Thread thread = new Thread(task, "docker-" + number.getAndIncrement());
                    thread.setDaemon(true);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
    }

    /**
     * Runs the call when subscribed to.
     *
     * @param what completes the sentence "could not …" for operators
     */
    <T> Uni<T> run(String what, Callable<T> call) {
        return CallersContext.resume(Uni.createFrom().emitter(emitter -> submit(new Job<>(what, call, emitter))));
    }

    private void submit(Job<?> job) {
        try {
            executor.execute(job);
        } catch (RejectedExecutionException full) {
            job.fail(full);
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }

    private final class Job<T> implements Runnable {

        private final String what;
        private final Callable<T> call;
        private final UniEmitter<? super T> emitter;
        private final long submittedNanos = System.nanoTime();
        private volatile boolean abandoned;

        Job(String what, Callable<T> call, UniEmitter<? super T> emitter) {
            this.what = what;
            this.call = call;
            this.emitter = emitter;
            emitter.onTermination(() -> abandoned = true);
        }

        @Override
        public void run() {
            if (abandoned) {
                return;
            }
            if (System.nanoTime() - submittedNanos > queueTimeout.toNanos()) {
                fail(new TimeoutException("waited " + queueTimeout + " for a thread"));
                return;
            }
            try {
                emitter.complete(call.call());
            } catch (Exception failure) {
                fail(failure);
            }
        }

        void fail(Exception cause) {
            emitter.fail(
                    cause instanceof ContainerRuntimeException known
                            ? known
                            : new ContainerRuntimeException("could not " + what, cause));
        }
    }
}
