package dev.ganymede.dns.powerdns;

import dev.ganymede.dns.DnsException;
import dev.ganymede.flow.Circuit;
import dev.ganymede.flow.Guarded;
import io.smallrye.faulttolerance.api.Guard;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.function.Supplier;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;

/**
 * Keeps a PowerDNS that is down from being asked again and again, and a short hiccup from being noticed (ADR 10).
 *
 * <p>What PowerDNS refuses for its content is an answer: neither repeated nor counted. The bulkhead is the zone's one writer.
 */
final class PowerDnsGuard {

    private static final int RETRIES = 2;
    private static final int DELAY_MILLIS = 50;
    private static final int JITTER_MILLIS = 25;
    private static final int WINDOW = 5;
    private static final double FAILURE_RATIO = 0.8;
    private static final int OPEN_SECONDS = 2;

    private final Circuit circuit = new Circuit("PowerDNS");
    private final Guard once;
    private final Guard retrying;

    /** @param timeout of one attempt, which ends itself; repeated is only what failed sooner */
    PowerDnsGuard(Duration timeout) {
        this.once = Guard.create()
                .withDescription("dns")
                .withCircuitBreaker()
                .requestVolumeThreshold(WINDOW)
                .failureRatio(FAILURE_RATIO)
                .delay(OPEN_SECONDS, ChronoUnit.SECONDS)
                .when(PowerDnsGuard::isDown)
                .onStateChange(circuit)
                .done()
                .build();
        this.retrying = Guard.create()
                .withDescription("dns-retry")
                .withRetry()
                .maxRetries(RETRIES)
                .delay(DELAY_MILLIS, ChronoUnit.MILLIS)
                .jitter(JITTER_MILLIS, ChronoUnit.MILLIS)
                .maxDuration(Math.max(timeout.toMillis(), 2 * DELAY_MILLIS), ChronoUnit.MILLIS)
                .whenException(PowerDnsGuard::isDown)
                .done()
                .build();
    }

    boolean isOpen() {
        return circuit.isOpen();
    }

    <T> Uni<T> once(Supplier<Uni<T>> call) {
        return Guarded.call(once, call)
                .onFailure(CircuitBreakerOpenException.class)
                .transform(open -> new DnsException("PowerDNS kept failing and is not asked for a moment", open));
    }

    /** For what is the same done twice. */
    <T> Uni<T> repeated(Supplier<Uni<T>> call) {
        return Guarded.call(retrying, () -> Guarded.call(once, call))
                .onFailure(CircuitBreakerOpenException.class)
                .transform(open -> new DnsException("PowerDNS kept failing and is not asked for a moment", open));
    }

    private static boolean isDown(Throwable failure) {
        return failure instanceof DnsException || failure instanceof PowerDnsRefusal refusal && refusal.isAboutServer();
    }
}
