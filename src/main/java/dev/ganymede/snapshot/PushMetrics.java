package dev.ganymede.snapshot;

import dev.ganymede.problem.Problem;
import dev.ganymede.problem.ProblemType;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Locale;

/** Counts pushes: {@code ganymede_snapshot_…}. */
@ApplicationScoped
public class PushMetrics {

    private final MeterRegistry registry;
    private final Counter received;
    private final Counter written;

    PushMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.received = Counter.builder("ganymede.snapshot.received.bytes")
                .description("Bodies of pushes")
                .register(registry);
        this.written = Counter.builder("ganymede.snapshot.written.bytes")
                .description("Content that was new and was written")
                .register(registry);
    }

    void received(long bytes) {
        received.increment(bytes);
    }

    void written(long bytes) {
        written.increment(bytes);
    }

    void accepted(PushResult result, Duration took) {
        String outcome = result.unchanged() ? "unchanged" : "stored";
        pushes(outcome);
        Timer.builder("ganymede.snapshot.push")
                .description("From the first byte of a push to its answer")
                .tag("outcome", outcome)
                .register(registry)
                .record(took);
    }

    /** A push was not accepted; the kind is its problem's, or {@code failed}. */
    public void refused(Throwable failure) {
        String kind = failure instanceof Problem problem ? name(problem.type()) : "failed";
        pushes("refused");
        registry.counter("ganymede.snapshot.refused", "kind", kind).increment();
    }

    private void pushes(String outcome) {
        registry.counter("ganymede.snapshot.pushes", "outcome", outcome).increment();
    }

    private static String name(ProblemType type) {
        return type.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
