package dev.ganymede.certificate.acme;

import dev.ganymede.certificate.OrderException;
import dev.ganymede.certificate.OrderException.Kind;
import dev.ganymede.flow.Circuit;
import dev.ganymede.flow.Guarded;
import io.smallrye.faulttolerance.api.Guard;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.function.Supplier;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;
import org.eclipse.microprofile.faulttolerance.exceptions.TimeoutException;

/**
 * Keeps an authority that does not answer from being asked by one order after the other (ADR 10, ADR 14). Nothing is repeated here: orders are, by their rows, with
 * patience. The bulkhead is the executor's threads.
 */
final class AcmeGuard {

    private static final int WINDOW = 4;
    private static final double FAILURE_RATIO = 0.75;
    private static final int OPEN_SECONDS = 60;

    private final Circuit circuit = new Circuit("the certificate authority");
    private final Guard guard;

    /** @param step longest time of one call here */
    AcmeGuard(Duration step) {
        this.guard = Guard.create()
                .withDescription("acme")
                .withCircuitBreaker()
                .requestVolumeThreshold(WINDOW)
                .failureRatio(FAILURE_RATIO)
                .delay(OPEN_SECONDS, ChronoUnit.SECONDS)
                .when(AcmeGuard::isDown)
                .onStateChange(circuit)
                .done()
                .withTimeout()
                .duration(step.toMillis(), ChronoUnit.MILLIS)
                .done()
                .build();
    }

    <T> Uni<T> call(Supplier<Uni<T>> work) {
        return Guarded.call(guard, work)
                .onFailure(CircuitBreakerOpenException.class)
                .transform(open -> new OrderException(
                        Kind.UNREACHABLE, "the authority kept failing and is not asked for a moment"))
                .onFailure(TimeoutException.class)
                .transform(late -> new OrderException(Kind.UNREACHABLE, "the authority took too long"));
    }

    private static boolean isDown(Throwable failure) {
        return failure instanceof TimeoutException
                || failure instanceof OrderException order && order.kind() == Kind.UNREACHABLE;
    }
}
