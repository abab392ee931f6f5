package dev.ganymede.snapshot;

import dev.ganymede.timeline.Stage;
import dev.ganymede.timeline.Timeline;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import org.jboss.logging.Logger;

/** What was found not to be what was stored. It is marked, so that nothing refers to it any more and the next push of the same content mends it. */
@ApplicationScoped
public class Damage {

    private static final Logger LOG = Logger.getLogger(Damage.class);

    // A version may have been removed while it was read, and its blobs with it: that is no damage.
    private static final String MARK =
            """
            with referred as (
                select 1 from snapshot_part where organization_id = $1 and version = $2 and sha256 = $3 limit 1
            ), marked as (
                update blob set damaged_at = $4
                where sha256 = $3 and damaged_at is null and exists (select 1 from referred)
                returning 1
            )
            select exists (select 1 from referred) as real, exists (select 1 from marked) as news
            """;

    private final Pool pool;
    private final Clock clock;
    private final Timeline timeline;
    private final Counter found;

    Damage(Pool pool, Clock clock, Timeline timeline, MeterRegistry meters) {
        this.pool = pool;
        this.clock = clock;
        this.timeline = timeline;
        this.found = Counter.builder("ganymede.snapshot.damaged.found")
                .description("Blobs that were found not to have their hash")
                .register(meters);
    }

    /** Blobs that are known to be damaged now. */
    public Uni<Long> count() {
        return pool.preparedQuery("select count(*) from blob where damaged_at is not null")
                .execute()
                .map(rows -> rows.iterator().next().getLong(0));
    }

    /** Marks it and says so, once for each blob; false: there is no such version any more, and with it no damage. */
    Uni<Boolean> found(Version version, DamagedBlobException damage) {
        return pool.preparedQuery(MARK)
                .execute(Tuple.of(
                        version.organization().value(),
                        version.number(),
                        damage.blob().buffer(),
                        Times.now(clock)))
                .map(rows -> rows.iterator().next())
                .invoke(row -> {
                    if (row.getBoolean("news")) {
                        tell(version, damage);
                    }
                })
                .map(row -> row.getBoolean("real"));
    }

    private void tell(Version version, DamagedBlobException damage) {
        found.increment();
        String what = "version " + version.number() + " is damaged: " + damage.getMessage();
        LOG.errorf("snapshot of organization %s: %s", version.organization(), what);
        timeline.noted(version.organization(), Stage.DATA_DAMAGED, what);
    }
}
