package dev.ganymede.snapshot;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;

/** What the sweep reads and removes. */
@ApplicationScoped
class SweepRepository {

    private static final String LOOK =
            """
            select sha256, size_bytes, used_at,
                exists (select from snapshot_part where snapshot_part.sha256 = blob.sha256) as referenced
            from blob where (used_at, sha256) > ($1, $2) order by used_at, sha256 limit $3
            """;

    // Who is at one of them right now, renews it or refers to it, keeps it.
    private static final String LOCK =
            "select sha256 from blob where sha256 = any($1) and used_at < $2 order by sha256 for update skip locked";

    // A statement of its own: it sees every reference that was committed before the lock, and while it is held there
    // come no new ones.
    private static final String DELETE =
            """
            delete from blob where sha256 = any($1)
                and not exists (select from snapshot_part where snapshot_part.sha256 = blob.sha256)
            returning size_bytes
            """;

    /** A blob as the sweep comes past it. */
    record Seen(Sha256 sha256, long sizeBytes, Instant usedAt, boolean referenced) {}

    /** How far the sweep has come. */
    record Position(Instant usedAt, Sha256 sha256) {}

    private final Pool pool;

    SweepRepository(Pool pool) {
        this.pool = pool;
    }

    /** The next blobs after the position, the longest unused first. */
    Uni<List<Seen>> look(Position after, int limit) {
        return pool.preparedQuery(LOOK)
                .execute(Tuple.of(
                        Times.timestamp(after.usedAt()),
                        Buffer.buffer(after.sha256().bytes()),
                        limit))
                .map(rows -> rows.stream().map(SweepRepository::seen).toList());
    }

    /** Removes those that still nobody refers to and that were not used since the time, in one transaction; answers their sizes. */
    Uni<List<Long>> delete(List<Sha256> blobs, Instant unusedSince) {
        return pool.withTransaction(connection -> lock(connection, blobs, unusedSince)
                .chain(locked -> connection.preparedQuery(DELETE).execute(Tuple.of(locked)))
                .map(rows -> rows.stream().map(row -> row.getLong("size_bytes")).toList()));
    }

    private static Uni<Buffer[]> lock(SqlConnection connection, List<Sha256> blobs, Instant unusedSince) {
        Buffer[] wanted =
                blobs.stream().map(blob -> Buffer.buffer(blob.bytes())).toArray(Buffer[]::new);
        return connection
                .preparedQuery(LOCK)
                .execute(Tuple.of(wanted, Times.timestamp(unusedSince)))
                .map(SweepRepository::hashes);
    }

    private static Buffer[] hashes(RowSet<Row> rows) {
        return rows.stream().map(row -> row.getBuffer("sha256").getDelegate()).toArray(Buffer[]::new);
    }

    private static Seen seen(Row row) {
        return new Seen(
                Sha256.of(row.getBuffer("sha256").getBytes()),
                row.getLong("size_bytes"),
                row.getOffsetDateTime("used_at").toInstant(),
                row.getBoolean("referenced"));
    }
}
