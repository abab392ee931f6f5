package dev.ganymede.snapshot;

import dev.ganymede.id.OrganizationId;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** Which blobs an organization may refer to: those that its own snapshots refer to. What other organizations store stays unknown to it. */
@ApplicationScoped
class KnownBlobs {

    private static final String OWN =
            """
            select b.sha256, b.size_bytes from blob b
            where b.sha256 = any($2)
              and exists (select 1 from snapshot_part p where p.sha256 = b.sha256 and p.organization_id = $1)
            """;

    private final Pool pool;
    private final BlobStore store;

    KnownBlobs(Pool pool, BlobStore store) {
        this.pool = pool;
        this.store = store;
    }

    /** Those of them that are the organization's and not damaged, with their sizes; they stay for long enough to refer to them. */
    Uni<Map<Sha256, Long>> of(OrganizationId organization, Collection<Sha256> wanted) {
        if (wanted.isEmpty()) {
            return Uni.createFrom().item(Map.of());
        }
        Buffer[] hashes = wanted.stream().map(Sha256::buffer).toArray(Buffer[]::new);
        return pool.preparedQuery(OWN)
                .execute(Tuple.of(organization.value(), hashes))
                .chain(rows -> {
                    Map<Sha256, Long> own = new HashMap<>();
                    for (Row row : rows) {
                        own.put(Sha256.of(row.getBuffer("sha256").getDelegate().getBytes()), row.getLong("size_bytes"));
                    }
                    return store.renew(own.keySet()).map(renewed -> {
                        own.keySet().retainAll(renewed);
                        return own;
                    });
                });
    }
}
