package dev.ganymede.timeline;

import dev.ganymede.flow.WriteBehind;
import dev.ganymede.gateway.Allocation;
import dev.ganymede.id.OrganizationId;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Where stages are told. Never fails and never waits: entries are written behind, and the oldest are dropped when there are too many. What a killed
 * process had not written yet is missing; the allocations themselves are not.
 */
@ApplicationScoped
public class Timeline {

    private static final Logger LOG = Logger.getLogger(Timeline.class);
    private static final int BATCH = 200;
    private static final Duration DELAY = Duration.ofMillis(50);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration WRITE_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration FLUSH_TIMEOUT = Duration.ofSeconds(2);

    private final Clock clock;
    private final WriteBehind<TimelineEntry> entries;

    Timeline(TimelineRepository repository, TimelineConfig config, Clock clock, MeterRegistry meters) {
        this.clock = clock;
        this.entries = new WriteBehind<>(
                new WriteBehind.Limits(config.waitingLimit(), BATCH, DELAY, PAUSE),
                Timeline::onAWorker,
                batch ->
                        repository.append(batch).ifNoItem().after(WRITE_TIMEOUT).fail(),
                new Outage(Counter.builder("ganymede.timeline.dropped")
                        .description("Timeline entries that were never written")
                        .register(meters)));
    }

    /** A stage was reached. */
    public void reached(Allocation allocation, Stage stage) {
        tell(allocation, stage, Optional.empty(), Optional.empty());
    }

    /** A stage failed. */
    public void failed(Allocation allocation, Stage stage, String reason) {
        tell(allocation, stage, Optional.empty(), Optional.of(orUnknown(reason)));
    }

    /** A stage without an allocation, with its reason. */
    public void noted(OrganizationId organization, Stage stage, String reason) {
        entries.add(TimelineEntry.of(organization, stage, clock.instant(), reason));
    }

    /** The same step; its duration, and its failure if it fails or is given up, are told. */
    public <T> Uni<T> timed(Allocation allocation, Stage stage, Uni<T> step) {
        return Uni.createFrom().deferred(() -> {
            long beganNanos = System.nanoTime();
            return step.onTermination()
                    .invoke((item, failure, cancelled) -> tell(
                            allocation,
                            stage,
                            Optional.of(Duration.ofNanos(System.nanoTime() - beganNanos)),
                            cancelled
                                    ? Optional.of("given up before it was done")
                                    : Optional.ofNullable(failure).map(Timeline::reason)));
        });
    }

    /** What waits is written before the process ends, if the database takes it in time. */
    void stopping(@Observes ShutdownEvent event) {
        try {
            entries.flush().await().atMost(FLUSH_TIMEOUT);
        } catch (RuntimeException failure) {
            LOG.warnf("not all of the timeline is written: %s", failure);
        }
    }

    private void tell(Allocation allocation, Stage stage, Optional<Duration> duration, Optional<String> failure) {
        entries.add(TimelineEntry.of(allocation, stage, clock.instant(), duration, failure));
    }

    private static String reason(Throwable failure) {
        String message = failure.getMessage();
        return message == null || message.isBlank() ? failure.getClass().getSimpleName() : message;
    }

    private static String orUnknown(String reason) {
        return reason == null ? "unknown" : reason;
    }

    private static void onAWorker(Duration delay, Runnable task) {
        try {
            Infrastructure.getDefaultWorkerPool().schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException ending) {
            LOG.debug("the process ends; the timeline with it", ending);
        }
    }
}
