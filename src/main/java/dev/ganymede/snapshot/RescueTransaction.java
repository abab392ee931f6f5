package dev.ganymede.snapshot;

import dev.ganymede.id.GatewayId;
import dev.ganymede.snapshot.NewVersion.Origin;
import dev.ganymede.snapshot.RescueReader.Rescued;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Whose data a file may be, and the transaction that makes it a version of kind RESCUE. It may be repeated: the second time it changes nothing. */
@ApplicationScoped
class RescueTransaction {

    // A gateway writes into the log directory of its own life only: the file speaks for the allocations of that life.
    private static final String OWNER =
            """
            select a.gateway_id from allocation a
            where a.organization_id = $1 and a.generation = $2 and a.life = $3
              and not exists (select 1 from gateway g where g.id = a.gateway_id and g.name <> $4)
            """;

    // in everybody's order: organization, allocation, series
    private static final String LOCK_ALLOCATION =
            """
            select coalesce(lineage, 0) as lineage from allocation
            where organization_id = $1 and generation = $2 and gateway_id = $3 for no key update
            """;

    // A version that has lost parts of it is not the file's: the file is all that there is.
    private static final String COMPARE =
            """
            select exists (
                    select 1 from snapshot s where organization_id = $1 and digest = $2
                      and (version = $5 or (kind = 'RESCUE' and generation = $3 and taken_at = $4))
                      and damaged_at is null and (select count(*) from snapshot_part p
                            where p.organization_id = $1 and p.version = s.version) = $7) as known,
                (select count(*) from snapshot
                    where organization_id = $1 and kind = 'RESCUE' and merged_at is null and lineage = $6) as waiting
            """;

    private final Pool pool;
    private final VersionWriter versions;
    private final RescueConfig config;

    RescueTransaction(Pool pool, VersionWriter versions, RescueConfig config) {
        this.pool = pool;
        this.versions = versions;
        this.config = config;
    }

    /** What became of a file. */
    sealed interface Outcome {

        /** It is a version now. */
        record Added(long version) implements Outcome {}

        /** It was one already, or the newest version holds the same. */
        record Known() implements Outcome {}

        /** Too many of that organization wait to be merged. */
        record Full() implements Outcome {}
    }

    /** The gateway that had that organization in that generation and could write the file; empty: there was none. */
    Uni<Optional<GatewayId>> owner(RescueFile file) {
        return pool.preparedQuery(OWNER)
                .execute(Tuple.of(
                        file.organization().value(),
                        file.generation().value(),
                        file.life().value(),
                        file.gateway()))
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(new GatewayId(rows.iterator().next().getUUID("gateway_id"))));
    }

    /**
     * The blobs are in the store. A gateway that began anew after it had written the file has the data of its allocation now, not that of then: of both lineages the
     * older one counts.
     */
    Uni<Outcome> add(RescueFile file, GatewayId gateway, Rescued rescued) {
        return pool.withTransaction(connection -> VersionLocks.keepOrganization(connection, file.organization())
                .chain(() -> connection
                        .preparedQuery(LOCK_ALLOCATION)
                        .execute(Tuple.of(
                                file.organization().value(), file.generation().value(), gateway.value())))
                .map(RescueTransaction::lineage)
                .map(lineage -> Math.min(lineage, rescued.lineage().orElse(lineage)))
                .map(lineage -> new Origin(file.generation(), gateway, lineage))
                .map(origin -> NewVersion.rescued(file.organization(), rescued.manifest(), origin, rescued.takenAt()))
                .chain(wanted -> Series.lock(connection, file.organization())
                        .chain(series -> compare(connection, file, wanted, series))));
    }

    private Uni<Outcome> compare(SqlConnection connection, RescueFile file, NewVersion wanted, Series series) {
        return connection
                .preparedQuery(COMPARE)
                .execute(Tuple.tuple(List.of(
                        file.organization().value(),
                        wanted.manifest().digest().buffer(),
                        file.generation().value(),
                        Times.timestamp(wanted.takenAt()),
                        head(series),
                        series.lineage(),
                        wanted.manifest().parts().size())))
                .chain(rows ->
                        decide(connection, wanted, series, rows.iterator().next()));
    }

    private Uni<Outcome> decide(SqlConnection connection, NewVersion wanted, Series series, Row there) {
        if (there.getBoolean("known")) {
            return Uni.createFrom().item(new Outcome.Known());
        }
        if (there.getLong("waiting") >= config.maxWaiting()) {
            return Uni.createFrom().item(new Outcome.Full());
        }
        return versions.add(connection, wanted, series).map(stored -> new Outcome.Added(stored.version()));
    }

    private static long head(Series series) {
        OptionalLong head = series.headVersion();
        return head.orElse(0);
    }

    private static long lineage(RowSet<Row> rows) {
        if (rows.size() == 0) {
            throw new IllegalStateException("an allocation is gone while its data is being rescued");
        }
        return rows.iterator().next().getLong("lineage");
    }
}
