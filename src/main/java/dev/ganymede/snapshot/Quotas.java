package dev.ganymede.snapshot;

import dev.ganymede.id.OrganizationId;
import dev.ganymede.problem.Problem;
import dev.ganymede.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.OptionalLong;

/** What organizations may store, and what they do. */
@ApplicationScoped
class Quotas {

    // by an array of hashes: joined with a long history, PostgreSQL would rather read all blobs of the store
    private static final String FIND =
            """
            select s.quota_bytes, (
                select coalesce(sum(b.size_bytes), 0)::bigint from blob b where b.sha256 = any(array(
                    select distinct p.sha256 from snapshot_part p where p.organization_id = o.id))) as used_bytes
            from organization o left join snapshot_series s on s.organization_id = o.id
            where o.id = $1
            """;

    // the history is looked at again soon: it may have to give way
    private static final String SET =
            """
            insert into snapshot_series (organization_id, quota_bytes)
            select id, $2 from organization where id = $1
            on conflict (organization_id) do update set quota_bytes = excluded.quota_bytes, thin_at = '-infinity'
            """;

    private final Pool pool;

    Quotas(Pool pool) {
        this.pool = pool;
    }

    /**
     * How an organization stands.
     *
     * @param ownBytes its own quota; empty: as configured
     * @param usedBytes of all blobs of all its versions, each counted once
     */
    record Quota(OptionalLong ownBytes, long usedBytes) {}

    Uni<Quota> find(OrganizationId organization) {
        return pool.preparedQuery(FIND).execute(Tuple.of(organization.value())).map(Quotas::quota);
    }

    /** From the next push on; the history gives way at the next run of the upkeep. */
    Uni<Void> set(OrganizationId organization, long bytes) {
        return store(organization, bytes);
    }

    /** As configured again. */
    Uni<Void> clear(OrganizationId organization) {
        return store(organization, null);
    }

    private Uni<Void> store(OrganizationId organization, Long bytes) {
        return pool.preparedQuery(SET)
                .execute(Tuple.of(organization.value(), bytes))
                .invoke(stored -> {
                    if (stored.rowCount() == 0) {
                        throw Problem.of(ProblemType.ORGANIZATION_NOT_FOUND, null);
                    }
                })
                .replaceWithVoid();
    }

    private static Quota quota(RowSet<Row> rows) {
        if (rows.size() == 0) {
            throw Problem.of(ProblemType.ORGANIZATION_NOT_FOUND, null);
        }
        Row row = rows.iterator().next();
        Long own = row.getLong("quota_bytes");
        return new Quota(own == null ? OptionalLong.empty() : OptionalLong.of(own), row.getLong("used_bytes"));
    }
}
