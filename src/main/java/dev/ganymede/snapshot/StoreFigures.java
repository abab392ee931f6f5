package dev.ganymede.snapshot;

import dev.ganymede.snapshot.BlobSweep.Tour;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What is in the store, for operators: metrics of the process that leads, 0 in all others.
 *
 * <p>Nothing is counted when somebody asks. Blobs are counted by the sweep on its way past all of them, the rest every {@value #MINUTES} minutes.
 */
@Singleton
class StoreFigures {

    private static final int MINUTES = 5;
    private static final Duration EVERY = Duration.ofMinutes(MINUTES);

    private static final String COUNT =
            """
            select (select count(*) from snapshot) as versions,
                (select count(*) from blob where damaged_at is not null) as damaged_blobs,
                (select greatest(0, extract(epoch from $1::timestamptz - min(thin_at)))::float8 from snapshot_series
                    where thin_at > '-infinity') as overdue_seconds
            """;

    private record Counted(long versions, long damagedBlobs, double overdueSeconds) {

        static final Counted NOTHING = new Counted(0, 0, 0);
    }

    private final Pool pool;
    private final Clock clock;
    private final Counter retiredVersions;
    private final Counter sweptBlobs;
    private final Counter sweptBytes;
    private volatile Counted counted = Counted.NOTHING;
    private volatile Tour tour = Tour.NONE;
    private volatile Instant next = Instant.MIN;

    StoreFigures(Pool pool, Clock clock, MeterRegistry registry) {
        this.pool = pool;
        this.clock = clock;
        retiredVersions = Counter.builder("ganymede.snapshot.retired.versions")
                .description("Versions that were not kept")
                .register(registry);
        sweptBlobs = Counter.builder("ganymede.snapshot.swept.blobs")
                .description("Blobs that were removed, since nobody referred to them")
                .register(registry);
        sweptBytes = Counter.builder("ganymede.snapshot.swept")
                .baseUnit("bytes")
                .description("Length of the blobs that were removed")
                .register(registry);
        gauge(registry, "ganymede.snapshot.versions", "Versions of all organizations", one -> one.counted.versions());
        gauge(registry, "ganymede.snapshot.blobs", "Blobs", one -> one.tour.blobs());
        bytes(registry, "ganymede.snapshot.stored", "Length of all blobs", one -> one.tour.bytes());
        bytes(
                registry,
                "ganymede.snapshot.unreferenced",
                "Length of the blobs that no version refers to",
                one -> one.tour.unreferencedBytes());
        gauge(
                registry,
                "ganymede.snapshot.damaged.blobs",
                "Blobs that don't have their hash any more, and were not pushed again since",
                one -> one.counted.damagedBlobs());
        Gauge.builder("ganymede.snapshot.thinning.overdue", this, one -> one.counted.overdueSeconds())
                .baseUnit("seconds")
                .description("For how long the longest waiting history has been due to be thinned")
                .register(registry);
    }

    /** Counts again what the last time is long ago for. */
    Uni<Void> refresh() {
        Instant now = clock.instant();
        if (now.isBefore(next)) {
            return Uni.createFrom().voidItem();
        }
        return pool.preparedQuery(COUNT)
                .execute(Tuple.of(Times.timestamp(now)))
                .invoke(rows -> {
                    counted = counted(rows.iterator().next());
                    next = now.plus(EVERY);
                })
                .replaceWithVoid();
    }

    /** Another process leads. */
    void forget() {
        counted = Counted.NOTHING;
        tour = Tour.NONE;
        next = Instant.MIN;
    }

    void retired(int versions) {
        retiredVersions.increment(versions);
    }

    void swept(List<Long> sizes) {
        sweptBlobs.increment(sizes.size());
        sweptBytes.increment(sizes.stream().mapToLong(Long::longValue).sum());
    }

    void toured(Tour whole) {
        tour = whole;
    }

    private void gauge(MeterRegistry registry, String name, String description, ToDoubleFunction<StoreFigures> value) {
        Gauge.builder(name, this, value).description(description).register(registry);
    }

    private void bytes(MeterRegistry registry, String name, String description, ToDoubleFunction<StoreFigures> value) {
        Gauge.builder(name, this, value)
                .baseUnit("bytes")
                .description(description)
                .register(registry);
    }

    private static Counted counted(Row row) {
        Double overdue = row.getDouble("overdue_seconds");
        return new Counted(row.getLong("versions"), row.getLong("damaged_blobs"), overdue == null ? 0 : overdue);
    }
}
