package dev.ganymede.container.fixed;

import dev.ganymede.container.ContainerRuntimeException;
import dev.ganymede.flow.Circuit;
import dev.ganymede.flow.Guarded;
import io.smallrye.faulttolerance.api.Guard;
import io.smallrye.mutiny.Uni;
import java.time.temporal.ChronoUnit;
import org.eclipse.microprofile.faulttolerance.exceptions.BulkheadException;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;

/**
 * Calls to the agent, guarded (ADR 10): so many at once, and none to an agent that keeps failing until one tries it again.
 *
 * <p>What the agent refuses is an answer and says that it is well. Any failure is a {@link ContainerRuntimeException}.
 */
final class AgentCalls {

    private static final int WINDOW = 4;
    private static final double FAILURE_RATIO = 0.75;
    private static final int OPEN_SECONDS = 1;
    private static final int RETRIES = 2;
    private static final int DELAY_MILLIS = 100;
    private static final int JITTER_MILLIS = 50;

    private final AgentClient client;
    private final Guard once;
    private final Guard retrying;

    AgentCalls(AgentClient client, FixedConfig config) {
        this.client = client;
        this.once = Guard.create()
                .withDescription("agent")
                .withBulkhead()
                .limit(config.calls())
                .queueSize(config.queueLimit())
                .done()
                .withCircuitBreaker()
                .requestVolumeThreshold(WINDOW)
                .failureRatio(FAILURE_RATIO)
                .delay(OPEN_SECONDS, ChronoUnit.SECONDS)
                .successThreshold(1)
                .when(failure -> failure instanceof ContainerRuntimeException)
                .onStateChange(new Circuit("the agent"))
                .done()
                .build();
        this.retrying = Guard.create()
                .withDescription("agent-retry")
                .withRetry()
                .maxRetries(RETRIES)
                .delay(DELAY_MILLIS, ChronoUnit.MILLIS)
                .jitter(JITTER_MILLIS, ChronoUnit.MILLIS)
                .maxDuration(config.callTimeout().toMillis(), ChronoUnit.MILLIS)
                .whenException(failure -> failure instanceof ContainerRuntimeException)
                .done()
                .build();
    }

    /** Made at most once. */
    Uni<AgentAnswer> once(AgentCall call) {
        return known(call, guarded(call));
    }

    /** Made again when the agent could not be reached; for what may be repeated. */
    Uni<AgentAnswer> repeatable(AgentCall call) {
        return known(call, Guarded.call(retrying, () -> guarded(call)));
    }

    private Uni<AgentAnswer> guarded(AgentCall call) {
        return Guarded.call(once, () -> client.call(call));
    }

    /** The guards' own exceptions end here. */
    private static Uni<AgentAnswer> known(AgentCall call, Uni<AgentAnswer> answer) {
        return answer.onFailure(failure -> !(failure instanceof ContainerRuntimeException))
                .transform(failure ->
                        new ContainerRuntimeException("could not " + call.what() + reason(failure), failure));
    }

    private static String reason(Throwable failure) {
        if (failure instanceof CircuitBreakerOpenException) {
            return ": the agent did not answer the last calls and is tried again soon";
        }
        return failure instanceof BulkheadException ? ": too many calls are waiting for the agent" : "";
    }
}
