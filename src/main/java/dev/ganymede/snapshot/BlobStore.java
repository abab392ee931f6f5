package dev.ganymede.snapshot;

import dev.ganymede.io.BlockingWork;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Blobs in PostgreSQL, the side that writes. Everything here may be repeated, and may be cut off anywhere: what nobody refers to in the end is swept.
 *
 * <p>A blob that this has named known, or has written, is safe from the sweep for half its grace at least; a push lasts much shorter.
 */
@ApplicationScoped
class BlobStore {

    // Who finds it used recently leaves it alone; who renews it meets the sweep at the row: one of them sees the other.
    // In the order of the hashes, so that two
    // never wait for each other.
    private static final String RENEW =
            """
            with known as (
                select sha256, used_at from blob where sha256 = any($1) and damaged_at is null
            ), aged as (
                select sha256 from blob
                where sha256 in (select sha256 from known where used_at < $3)
                order by sha256 for no key update
            ), renewed as (
                update blob set used_at = $2 from aged where blob.sha256 = aged.sha256 returning blob.sha256
            )
            select sha256 from known where used_at >= $3 union all select sha256 from renewed
            """;

    // What is there already is left alone, unless it is damaged: then this mends it.
    private static final String WRITE =
            """
            insert into blob (sha256, size_bytes, data, used_at) values ($1, $2, $3, $4)
            on conflict (sha256) do update set
                size_bytes = excluded.size_bytes, data = excluded.data, used_at = excluded.used_at, damaged_at = null
            where blob.damaged_at is not null or blob.used_at < $5
            """;

    private static final String CLEAR_CHUNKS = "delete from blob_chunk where sha256 = $1";
    private static final String WRITE_CHUNK = "insert into blob_chunk (sha256, position, data) values ($1, $2, $3)";

    private final Pool pool;
    private final Clock clock;
    private final SnapshotConfig config;

    BlobStore(@BlobConnections Pool pool, Clock clock, SnapshotConfig config) {
        this.pool = pool;
        this.clock = clock;
        this.config = config;
    }

    /** Those of them that are stored and not damaged; whoever refers to them soon may rely on that. */
    Uni<Set<Sha256>> renew(Collection<Sha256> wanted) {
        if (wanted.isEmpty()) {
            return Uni.createFrom().item(Set.of());
        }
        OffsetDateTime now = Times.now(clock);
        Buffer[] hashes = wanted.stream().map(Sha256::buffer).toArray(Buffer[]::new);
        return pool.preparedQuery(RENEW)
                .execute(Tuple.of(hashes, now, now.minus(config.sweepGrace().dividedBy(2))))
                .map(BlobStore::hashes);
    }

    /** Writes those that are not there, and mends those that are damaged. */
    Uni<Void> write(List<Blob> blobs) {
        List<Blob> small = blobs.stream()
                .filter(blob -> !blob.isLarge())
                .sorted(Comparator.comparing(Blob::sha256))
                .toList();
        Uni<Void> written = small.isEmpty() ? Uni.createFrom().voidItem() : writeSmall(small);
        for (Blob large : blobs.stream().filter(Blob::isLarge).toList()) {
            written = written.chain(() -> writeLarge(large));
        }
        return written;
    }

    /** One after the other without waiting, in one transaction. */
    private Uni<Void> writeSmall(List<Blob> blobs) {
        return Uni.createFrom().deferred(() -> pool.preparedQuery(WRITE)
                .executeBatch(blobs.stream()
                        .map(blob -> row(blob, blob.chunks().read(0, (int) blob.sizeBytes())))
                        .toList())
                .replaceWithVoid());
    }

    /** A reader sees all of its chunks or none. */
    private Uni<Void> writeLarge(Blob blob) {
        return pool.withTransaction(connection -> connection
                .preparedQuery(WRITE)
                .execute(row(blob, null))
                .chain(written ->
                        written.rowCount() == 0 ? Uni.createFrom().voidItem() : writeChunks(connection, blob)));
    }

    private static Uni<Void> writeChunks(SqlConnection connection, Blob blob) {
        return connection
                .preparedQuery(CLEAR_CHUNKS)
                .execute(Tuple.of(blob.sha256().buffer()))
                .chain(() -> Multi.createFrom()
                        .iterable(IntStream.range(0, blob.chunkCount()).boxed().toList())
                        .onItem()
                        .transformToUniAndConcatenate(position -> writeChunk(connection, blob, position))
                        .collect()
                        .last())
                .replaceWithVoid();
    }

    /** A file is not read on the event loop. */
    private static Uni<RowSet<Row>> writeChunk(SqlConnection connection, Blob blob, int position) {
        return BlockingWork.run(Infrastructure.getDefaultExecutor(), () -> blob.chunk(position))
                .chain(chunk -> connection
                        .preparedQuery(WRITE_CHUNK)
                        .execute(Tuple.of(blob.sha256().buffer(), position, chunk)));
    }

    private Tuple row(Blob blob, Buffer data) {
        OffsetDateTime now = Times.now(clock);
        return Tuple.of(
                blob.sha256().buffer(),
                blob.sizeBytes(),
                data,
                now,
                now.minus(config.sweepGrace().dividedBy(2)));
    }

    private static Set<Sha256> hashes(RowSet<Row> rows) {
        Set<Sha256> found = new HashSet<>();
        rows.forEach(row -> found.add(Sha256.of(row.getBuffer(0).getDelegate().getBytes())));
        return found;
    }
}
