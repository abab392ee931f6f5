package dev.ganymede.container.docker;

import dev.ganymede.container.ContainerRuntimeException;
import dev.ganymede.flow.Circuit;
import dev.ganymede.flow.Guarded;
import io.smallrye.faulttolerance.api.Guard;
import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;

/**
 * Every call to the engine but the {@link EnginePing}: guarded (ADR 10), then on one of the {@link BlockingCalls}, whose threads and queue are the bulkhead.
 *
 * <p>All calls share one circuit: an engine that doesn't answer costs its callers nothing, until it is tried again. What the engine refuses is an answer and says that
 * it is well. Any failure is a {@link ContainerRuntimeException}.
 */
final class EngineCalls implements AutoCloseable {

    private final BlockingCalls calls;
    private final Duration timeout;
    private final Guard once;
    private final Guard retrying;
    private volatile String lastFailure = "";

    EngineCalls(DockerConfig config) {
        this.calls = new BlockingCalls(config.threads(), config.queueLimit(), config.queueTimeout());
        this.timeout = config.callTimeout();
        this.once = Guard.create()
                .withDescription("docker")
                .withTimeout()
                .duration(timeout.toMillis(), ChronoUnit.MILLIS)
                .done()
                .withCircuitBreaker()
                .requestVolumeThreshold(config.circuit().calls())
                .failureRatio(config.circuit().failureRatio())
                .delay(config.circuit().delay().toMillis(), ChronoUnit.MILLIS)
                .successThreshold(1)
                .when(EngineCalls::meansThatTheEngineIsAway)
                .onStateChange(new Circuit("the Docker engine"))
                .done()
                .build();
        this.retrying = Guard.create()
                .withDescription("docker-retry")
                .withRetry()
                .maxRetries(config.retries())
                .delay(config.retryDelay().toMillis(), ChronoUnit.MILLIS)
                .jitter(config.retryDelay().toMillis() / 2, ChronoUnit.MILLIS)
                .whenException(EngineCalls::isWorthAnotherTry)
                .done()
                .build();
    }

    /**
     * Made at most once.
     *
     * @param what completes the sentence "could not …" for operators
     */
    <T> Uni<T> once(String what, Callable<T> call) {
        return known(what, guarded(what, call));
    }

    /** Made again when the engine could not be reached; for what may be repeated. */
    <T> Uni<T> repeatable(String what, Callable<T> call) {
        return known(what, Guarded.call(retrying, () -> guarded(what, call)));
    }

    private <T> Uni<T> guarded(String what, Callable<T> call) {
        return Guarded.call(once, () -> calls.run(what, call).onFailure().invoke(this::remember));
    }

    private void remember(Throwable failure) {
        if (meansThatTheEngineIsAway(failure)) {
            lastFailure = String.valueOf(root(failure).getMessage());
        }
    }

    /** The guards' own exceptions end here. */
    private <T> Uni<T> known(String what, Uni<T> call) {
        return call.onFailure(failure -> !(failure instanceof ContainerRuntimeException))
                .transform(failure -> new ContainerRuntimeException("could not " + what + reason(failure), failure));
    }

    private String reason(Throwable failure) {
        if (failure instanceof CircuitBreakerOpenException) {
            return ": the Docker engine did not answer the last calls (" + lastFailure + ") and is tried again soon";
        }
        return failure instanceof org.eclipse.microprofile.faulttolerance.exceptions.TimeoutException
                ? " within " + timeout.toSeconds() + " s"
                : "";
    }

    /** It could not be reached, said nothing in time, or is so slow that nobody gets a thread. */
    static boolean meansThatTheEngineIsAway(Throwable failure) {
        Throwable root = root(failure);
        return root instanceof IOException
                || root instanceof RejectedExecutionException
                || root instanceof TimeoutException
                || failure instanceof org.eclipse.microprofile.faulttolerance.exceptions.TimeoutException;
    }

    /** A long silence is not repeated: it would be as long again. */
    private static boolean isWorthAnotherTry(Throwable failure) {
        Throwable root = root(failure);
        return root instanceof IOException && !(root instanceof SocketTimeoutException);
    }

    private static Throwable root(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    @Override
    public void close() {
        calls.close();
    }
}
