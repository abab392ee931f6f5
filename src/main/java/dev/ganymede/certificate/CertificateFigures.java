package dev.ganymede.certificate;

import dev.ganymede.certificate.CertificateEntry.State;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** What there is of certificates, for operators: metrics of the process that leads, without a value in all others. Nothing is counted when somebody asks. */
@Singleton
public class CertificateFigures {

    /** As of the last look. */
    public record Summary(long pending, long failing, long expired, Optional<Integer> budgetLeft, int problems) {}

    private final Clock clock;
    private volatile Optional<Inventory> last = Optional.empty();

    CertificateFigures(MeterRegistry registry, Clock clock) {
        this.clock = clock;
        gauge(registry, "ganymede.certificates.pending", "Certificates that were never issued yet", State.PENDING);
        gauge(registry, "ganymede.certificates.failing", "Certificates whose last attempt failed", State.FAILING);
        gauge(registry, "ganymede.certificates.expired", "Certificates that have ended", State.EXPIRED);
        gauge(registry, "ganymede.certificates.issued", "Certificates in order", State.ISSUED);
        Gauge.builder("ganymede.certificates.earliest.expiry", this, CertificateFigures::secondsToExpiry)
                .baseUnit("seconds")
                .description("Until the first certificate ends that has not ended yet")
                .register(registry);
        Gauge.builder("ganymede.certificates.budget.left", this, CertificateFigures::budgetLeft)
                .description("Certificates that may still be ordered now")
                .register(registry);
    }

    /** Empty when this process has not looked, since another one leads. */
    public Optional<Summary> summary() {
        return last.map(inventory -> new Summary(
                inventory.count(State.PENDING),
                inventory.count(State.FAILING),
                inventory.count(State.EXPIRED),
                inventory.budget().map(Budget::left),
                inventory.problems().size()));
    }

    void refresh(Inventory inventory) {
        last = Optional.of(inventory);
    }

    void forget() {
        last = Optional.empty();
    }

    private void gauge(MeterRegistry registry, String name, String description, State state) {
        ToDoubleFunction<CertificateFigures> count = one ->
                one.last.map(inventory -> (double) inventory.count(state)).orElse(Double.NaN);
        Gauge.builder(name, this, count).description(description).register(registry);
    }

    private double secondsToExpiry() {
        return last.flatMap(Inventory::earliestExpiry)
                .map(expiry ->
                        (double) Duration.between(clock.instant(), expiry).toSeconds())
                .orElse(Double.NaN);
    }

    private double budgetLeft() {
        return last.flatMap(Inventory::budget)
                .map(budget -> (double) budget.left())
                .orElse(Double.NaN);
    }
}
