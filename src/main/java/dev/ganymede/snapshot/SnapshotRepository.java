package dev.ganymede.snapshot;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Reads heads. */
@ApplicationScoped
class SnapshotRepository {

    private static final String HEAD =
            """
            select s.taken_at, p.project_id, coalesce(b.data,
                (select string_agg(c.data, '' order by c.position) from blob_chunk c where c.sha256 = b.sha256)) as data
            from snapshot_series h
            join snapshot s on s.organization_id = h.organization_id and s.version = h.head_version
            left join snapshot_part p on p.organization_id = s.organization_id and p.version = s.version
            left join blob b on b.sha256 = p.sha256
            where h.organization_id = $1 order by p.position
            """;

    private final Pool pool;

    SnapshotRepository(Pool pool) {
        this.pool = pool;
    }

    Uni<Optional<Snapshot>> pull(Claim claim) {
        return pool.preparedQuery(HEAD)
                .execute(Tuple.of(claim.organization().value()))
                .map(found -> {
                    List<Row> rows = new ArrayList<>();
                    found.forEach(rows::add);
                    return rows.isEmpty() ? Optional.empty() : Optional.of(snapshot(rows));
                });
    }

    private static Snapshot snapshot(List<Row> rows) {
        Buffer data = Buffer.buffer("{\"yjs_state\":{");
        String comma = "";
        String state = "";
        for (Row row : rows) {
            if (row.getUUID("project_id") != null) {
                data.appendString(comma + "\"" + row.getUUID("project_id") + "\":\"")
                        .appendBytes(Base64.getEncoder()
                                .encode(row.getBuffer("data").getDelegate().getBytes()))
                        .appendString("\"");
                comma = ",";
            } else if (row.getBuffer("data") != null) {
                state = ",\"gateway_state\":" + row.getBuffer("data").getDelegate();
            }
        }
        return new Snapshot(
                rows.get(0).getOffsetDateTime("taken_at").toInstant(), data.appendString("}" + state + "}"));
    }
}
