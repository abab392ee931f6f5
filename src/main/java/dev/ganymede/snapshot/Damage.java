package dev.ganymede.snapshot;

import dev.ganymede.timeline.Stage;
import dev.ganymede.timeline.Timeline;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import org.jboss.logging.Logger;

/**
 * What was found not to be what was stored. A blob is marked, so that nothing refers to it any more and the next push of the same content mends it; a version that has
 * lost a part is marked for good.
 */
@ApplicationScoped
public class Damage {

    private static final Logger LOG = Logger.getLogger(Damage.class);

    // Whoever mends it right now is waited for, and then seen as a whole by the next statement.
    private static final String LOCK = "select 1 from blob where sha256 = $1 for no key update";

    // What was read may be old: what counts is what a reader would read now. A version may have been removed while it
    // was read, and its blobs with it: that is no damage.
    private static final String MARK =
            """
            with referred as (
                select 1 from snapshot_part where organization_id = $1 and version = $2 and sha256 = $3 limit 1
            ), stored as materialized (
                select sha256, size_bytes, case when size_bytes <= %1$d then data else (
                    select string_agg(c.data, ''::bytea order by c.position) from blob_chunk c
                    where c.sha256 = blob.sha256
                        and octet_length(c.data) = least(%1$d, size_bytes - c.position::bigint * %1$d)) end as content
                from blob where sha256 = $3
            ), wrong as materialized (
                select sha256 from stored
                where sha256(content) is distinct from sha256 or octet_length(content) is distinct from size_bytes
            ), marked as (
                update blob set damaged_at = $4 from wrong
                where blob.sha256 = wrong.sha256 and blob.damaged_at is null and exists (select 1 from referred)
                returning 1
            )
            select exists (select 1 from referred) as referred, exists (select 1 from marked) as news,
                exists (select 1 from wrong) as wrong
            """
                    .formatted(Blob.CHUNK_BYTES);

    // A head that is not there can't be marked: it is told each time.
    private static final String MARK_VERSION =
            """
            with marked as (
                update snapshot set damaged_at = $3
                where organization_id = $1 and version = $2 and damaged_at is null
                returning 1
            )
            select exists (select 1 from marked)
                or not exists (select 1 from snapshot where organization_id = $1 and version = $2) as news
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
                .description("Blobs that were found not to have their hash, and versions that had lost a part")
                .register(meters);
    }

    /** Blobs that are known to be damaged now. */
    public Uni<Long> count() {
        return pool.preparedQuery("select count(*) from blob where damaged_at is not null")
                .execute()
                .map(rows -> rows.iterator().next().getLong(0));
    }

    /** What was read as damage is, when one looks again. */
    enum Verdict {
        DAMAGED,
        /** It was mended meanwhile: who reads it again has it whole. */
        MENDED,
        /** There is no such version any more, and with it no damage. */
        GONE
    }

    /** Looks again; marks what is damaged and says so, once for each blob. */
    Uni<Verdict> found(Version version, DamagedBlobException damage) {
        return pool.withTransaction(connection -> connection
                        .preparedQuery(LOCK)
                        .execute(Tuple.of(damage.blob().buffer()))
                        .chain(() -> connection
                                .preparedQuery(MARK)
                                .execute(Tuple.of(
                                        version.organization().value(),
                                        version.number(),
                                        damage.blob().buffer(),
                                        Times.now(clock)))))
                .map(rows -> rows.iterator().next())
                .invoke(row -> {
                    if (row.getBoolean("news")) {
                        tell(version, damage.getMessage());
                    }
                })
                .map(Damage::verdict);
    }

    /** Marks a version whose parts are not all there, and says so once. */
    Uni<Void> broken(Version version) {
        return pool.preparedQuery(MARK_VERSION)
                .execute(Tuple.of(version.organization().value(), version.number(), Times.now(clock)))
                .invoke(rows -> {
                    if (rows.iterator().next().getBoolean("news")) {
                        tell(version, "it is not there, or not all of its parts are");
                    }
                })
                .replaceWithVoid();
    }

    /** What is given instead of a damaged version lacks a restore: people have to know. */
    void isBeforeRestore(Version damaged, Version given) {
        timeline.noted(
                damaged.organization(),
                Stage.DATA_DAMAGED,
                "version " + given.number() + ", of before the restore, is given instead of version "
                        + damaged.number());
    }

    private static Verdict verdict(Row row) {
        if (!row.getBoolean("referred")) {
            return Verdict.GONE;
        }
        return row.getBoolean("wrong") ? Verdict.DAMAGED : Verdict.MENDED;
    }

    private void tell(Version version, String why) {
        found.increment();
        String what = "version " + version.number() + " is damaged: " + why;
        LOG.errorf("snapshot of organization %s: %s", version.organization(), what);
        timeline.noted(version.organization(), Stage.DATA_DAMAGED, what);
    }
}
