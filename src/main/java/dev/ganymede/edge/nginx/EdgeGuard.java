package dev.ganymede.edge.nginx;

import dev.ganymede.edge.EdgeException;
import dev.ganymede.flow.Circuit;
import dev.ganymede.flow.Guarded;
import io.smallrye.faulttolerance.api.Guard;
import io.smallrye.mutiny.Uni;
import java.time.temporal.ChronoUnit;
import java.util.function.Supplier;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;

/**
 * Fails changes at once while the last ones kept failing (ADR 10). Not retried: the reconciler is. Commands and reloads have their own limits of time, and
 * the one writer is the bulkhead.
 *
 * <p>A configuration that nginx refuses is an answer and is not counted.
 */
final class EdgeGuard {

    private static final int WINDOW = 4;
    private static final double FAILURE_RATIO = 0.75;
    private static final int OPEN_SECONDS = 2;

    private final Circuit circuit = new Circuit("the edge");
    private final Guard guard = Guard.create()
            .withDescription("edge")
            .withCircuitBreaker()
            .requestVolumeThreshold(WINDOW)
            .failureRatio(FAILURE_RATIO)
            .delay(OPEN_SECONDS, ChronoUnit.SECONDS)
            .when(failure -> failure instanceof EdgeException && !(failure instanceof RefusedByNginx))
            .onStateChange(circuit)
            .done()
            .build();

    boolean isOpen() {
        return circuit.isOpen();
    }

    Uni<Void> change(Supplier<Uni<Void>> batch) {
        return Guarded.call(guard, batch)
                .onFailure(CircuitBreakerOpenException.class)
                .transform(open ->
                        new EdgeException("changes of the edge kept failing, none is tried for a moment", open));
    }
}
