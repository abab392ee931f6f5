package dev.ganymede.gateway;

import dev.ganymede.id.OrganizationId;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The queue of organizations that lost their gateway. They enter it with the end of their allocation and leave it with the next one that serves. */
@ApplicationScoped
public class RevivalRepository {

    private static final String SELECT =
            "select organization_id, queued_at, not_before, reason, attempts, last_failure from revival ";

    private final Pool pool;

    RevivalRepository(Pool pool) {
        this.pool = pool;
    }

    /** All that wait, first come first. */
    public Uni<List<Revival>> all() {
        return pool.preparedQuery(SELECT + "order by queued_at").execute().map(RevivalRepository::all);
    }

    public Uni<Optional<Revival>> find(OrganizationId organization) {
        return pool.preparedQuery(SELECT + "where organization_id = $1")
                .execute(Tuple.of(organization.value()))
                .map(rows -> all(rows).stream().findFirst());
    }

    /** A start for it failed; it keeps its place and is not tried before. */
    public Uni<Void> failed(OrganizationId organization, String reason, Instant notBefore) {
        return pool.preparedQuery(
                        """
                        update revival set attempts = attempts + 1, last_failure = $2, not_before = $3
                        where organization_id = $1
                        """)
                .execute(Tuple.of(organization.value(), reason, Rows.timestamp(notBefore)))
                .replaceWithVoid();
    }

    /** It keeps its place and is not tried before; that is nobody's failure. */
    public Uni<Void> postpone(OrganizationId organization, String reason, Instant notBefore) {
        return pool.preparedQuery("update revival set last_failure = $2, not_before = $3 where organization_id = $1")
                .execute(Tuple.of(organization.value(), reason, Rows.timestamp(notBefore)))
                .replaceWithVoid();
    }

    /** This entry is done with; a later one of the same organization stays. */
    public Uni<Void> remove(Revival entry) {
        return pool.preparedQuery("delete from revival where organization_id = $1 and queued_at = $2")
                .execute(Tuple.of(entry.organization().value(), Rows.timestamp(entry.queuedAt())))
                .replaceWithVoid();
    }

    /**
     * The organization is not to be served again: it leaves the queue, and does not enter it when its live allocation ends, whatever ends that. Tells whether
     * it waited.
     *
     * <p>The organization is locked, as by {@link AllocationRepository#allocate}: whoever was about to take a gateway for it either has done so, and its
     * allocation is seen from here on, or finds that it does not wait any more.
     */
    public Uni<Boolean> cancel(OrganizationId organization) {
        Tuple key = Tuple.of(organization.value());
        return pool.withTransaction(connection -> connection
                .preparedQuery("select 1 from organization where id = $1 for no key update")
                .execute(key)
                .chain(() -> connection
                        .preparedQuery(
                                "update allocation set revive = false where organization_id = $1 and state <> 'ENDED'")
                        .execute(key))
                // a statement of its own: it sees the entry of an allocation that ended while the one before waited
                .chain(() -> connection
                        .preparedQuery("delete from revival where organization_id = $1")
                        .execute(key))
                .map(deleted -> deleted.rowCount() == 1));
    }

    /** Gateways that the organization has lost since then. */
    public Uni<Integer> lossesSince(OrganizationId organization, Instant since) {
        return pool.preparedQuery(
                        """
                        select count(*)::int from allocation
                        where organization_id = $1 and ended_reason = 'GATEWAY_LOST' and ended_at > $2
                        """)
                .execute(Tuple.of(organization.value(), Rows.timestamp(since)))
                .map(rows -> rows.iterator().next().getInteger(0));
    }

    private static List<Revival> all(RowSet<Row> rows) {
        List<Revival> found = new ArrayList<>(rows.size());
        rows.forEach(row -> found.add(new Revival(
                new OrganizationId(row.getUUID("organization_id")),
                Rows.instant(row, "queued_at"),
                Rows.instant(row, "not_before"),
                EndReason.valueOf(row.getString("reason")),
                row.getInteger("attempts"),
                Optional.ofNullable(row.getString("last_failure")))));
        return found;
    }
}
