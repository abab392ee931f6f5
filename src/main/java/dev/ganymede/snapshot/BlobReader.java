package dev.ganymede.snapshot;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Blobs out of PostgreSQL, a batch at a time; a connection is held for that one query only. What is missing is damage. */
@ApplicationScoped
class BlobReader {

    private static final String SMALL = "select sha256, data from blob where sha256 = any($1)";
    private static final String CHUNKS =
            "select data from blob_chunk where sha256 = $1 and position >= $2 and position < $3 order by position";

    private final Pool pool;

    BlobReader(Pool pool) {
        this.pool = pool;
    }

    /** The pieces of the batch in its order. Fails with {@link DamagedBlobException} when one is not there. */
    Uni<List<Piece>> read(Batch batch) {
        if (batch instanceof Batch.Small small) {
            return read(small);
        }
        return read((Batch.Chunks) batch);
    }

    private Uni<List<Piece>> read(Batch.Small batch) {
        Buffer[] hashes = batch.parts().stream()
                .map(Part::sha256)
                .distinct()
                .map(Sha256::buffer)
                .toArray(Buffer[]::new);
        return pool.preparedQuery(SMALL).execute(Tuple.of(hashes)).map(rows -> pieces(batch, rows));
    }

    private static List<Piece> pieces(Batch.Small batch, RowSet<Row> rows) {
        Map<Sha256, Buffer> found = new HashMap<>();
        rows.forEach(row -> {
            if (row.getBuffer("data") != null) {
                found.put(
                        Sha256.of(row.getBuffer("sha256").getBytes()),
                        row.getBuffer("data").getDelegate());
            }
        });
        return batch.parts().stream()
                .map(part -> new Piece(part, present(part, found.get(part.sha256())), true))
                .toList();
    }

    private static Buffer present(Part part, Buffer content) {
        if (content == null) {
            throw new DamagedBlobException(part.sha256(), "has no content");
        }
        return content;
    }

    private Uni<List<Piece>> read(Batch.Chunks batch) {
        return pool.preparedQuery(CHUNKS)
                .execute(Tuple.of(batch.part().sha256().buffer(), batch.from(), batch.until()))
                .map(rows -> pieces(batch, rows));
    }

    private static List<Piece> pieces(Batch.Chunks batch, RowSet<Row> rows) {
        int wanted = batch.until() - batch.from();
        if (rows.size() != wanted) {
            throw new DamagedBlobException(batch.part().sha256(), "has " + (wanted - rows.size()) + " chunks too few");
        }
        List<Piece> pieces = new ArrayList<>(wanted);
        rows.forEach(row -> pieces.add(new Piece(
                batch.part(), row.getBuffer("data").getDelegate(), batch.from() + pieces.size() + 1 == batch.count())));
        return pieces;
    }
}
