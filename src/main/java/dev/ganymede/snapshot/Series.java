package dev.ganymede.snapshot;

import dev.ganymede.id.Generation;
import dev.ganymede.id.OrganizationId;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.OptionalLong;

/**
 * How an organization's versions stand, read under the lock of its row: whoever adds a version holds it until the end of its transaction.
 *
 * @param headVersion empty: nothing was ever stored
 * @param lineage counts restores
 * @param generation of the newest push that was accepted, with its {@code arrival} and {@code sequence}
 */
record Series(
        long lastVersion,
        OptionalLong headVersion,
        long lineage,
        long generation,
        long arrival,
        OptionalLong sequence,
        OptionalLong quotaBytes) {

    private static final String LOCK =
            """
            select last_version, head_version, lineage, generation, arrival, sequence, quota_bytes
            from snapshot_series where organization_id = $1 for update
            """;

    private static final String BEGIN =
            "insert into snapshot_series (organization_id) values ($1) on conflict do nothing";

    /** The place of a push in its organization's series. */
    record Place(Generation generation, long arrival, OptionalLong sequence) {}

    static Uni<Series> lock(SqlConnection connection, OrganizationId organization) {
        Tuple key = Tuple.of(organization.value());
        return connection
                .preparedQuery(LOCK)
                .execute(key)
                .chain(found -> found.size() == 1
                        ? Uni.createFrom().item(series(found))
                        : connection
                                .preparedQuery(BEGIN)
                                .execute(key)
                                .chain(() -> connection.preparedQuery(LOCK).execute(key))
                                .map(Series::series));
    }

    /** False: something newer was accepted already. */
    boolean accepts(Place push) {
        if (push.generation().value() != generation) {
            return push.generation().value() > generation;
        }
        boolean counted = sequence.isPresent() && push.sequence().isPresent();
        return push.arrival() > arrival && (!counted || push.sequence().getAsLong() > sequence.getAsLong());
    }

    /** False: there was a restore that data of this lineage does not include; it is kept, and does not become the head. */
    boolean isCurrent(long ofLineage) {
        return ofLineage >= lineage;
    }

    private static Series series(RowSet<Row> rows) {
        Row row = rows.iterator().next();
        return new Series(
                row.getLong("last_version"),
                optional(row.getLong("head_version")),
                row.getLong("lineage"),
                row.getLong("generation"),
                row.getLong("arrival"),
                optional(row.getLong("sequence")),
                optional(row.getLong("quota_bytes")));
    }

    private static OptionalLong optional(Long value) {
        return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }
}
