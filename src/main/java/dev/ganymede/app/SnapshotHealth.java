package dev.ganymede.app;

import dev.ganymede.snapshot.Damage;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Readiness check {@code snapshots}: always up, since everything else works; its data {@code damaged_blobs} is what an operator wants to know. The same number as {@code
 * ganymede.snapshot.damaged.blobs}; every process reports it for the whole store.
 */
@Readiness
@Singleton
class SnapshotHealth implements AsyncHealthCheck, MeterBinder {

    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    private final Damage damage;
    private final AtomicLong blobs = new AtomicLong();

    SnapshotHealth(Damage damage) {
        this.damage = damage;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("ganymede.snapshot.damaged.blobs", blobs, AtomicLong::get)
                .description("Stored blobs that are known to be damaged")
                .register(registry);
    }

    @Scheduled(identity = "damage", every = "{ganymede.reconcile.every}", delayed = "{ganymede.reconcile.every}")
    Uni<Void> look() {
        // the database's own check says when it is away
        return damage.count()
                .ifNoItem()
                .after(TIMEOUT)
                .fail()
                .invoke(blobs::set)
                .replaceWithVoid()
                .onFailure()
                .recoverWithNull();
    }

    @Override
    public Uni<HealthCheckResponse> call() {
        return look().map(done -> HealthCheckResponse.named("snapshots")
                .up()
                .withData("damaged_blobs", blobs.get())
                .build());
    }
}
