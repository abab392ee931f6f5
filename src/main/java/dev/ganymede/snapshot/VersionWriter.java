package dev.ganymede.snapshot;

import dev.ganymede.snapshot.NewVersion.Origin;
import dev.ganymede.snapshot.NewVersion.Source;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/** Adds versions to organizations' series, inside a transaction of the caller; the blobs are in the store already. */
@ApplicationScoped
class VersionWriter {

    private static final String INSERT =
            """
            insert into snapshot (organization_id, version, lineage, kind, generation, gateway_id, taken_at,
                                  confirmed_generation, confirmed_from, confirmed_at,
                                  stored_at, digest, size_bytes, source_organization_id, source_version)
            values ($1, $2, $3, $4, $5, $6, $7, $5, $7, $7, $8, $9, $10, $11, $12)
            """;

    // what the head holds as well has not changed since it changed there
    private static final String INSERT_PARTS =
            """
            insert into snapshot_part (organization_id, version, position, project_id, sha256, changed_at)
            select $1, $2, part.position - 1, part.project_id, part.sha256, coalesce(head.changed_at, $3)
            from unnest($4::uuid[], $5::bytea[]) with ordinality as part (project_id, sha256, position)
            left join snapshot_part head on head.organization_id = $1 and head.version = $6
                and head.project_id is not distinct from part.project_id and head.sha256 = part.sha256
            """;

    private static final String ADVANCE =
            """
            update snapshot_series set last_version = $2, lineage = $3,
                head_version = case when $4::boolean then $2 else head_version end,
                thin_at = least(thin_at, $5)
            where organization_id = $1
            """;

    private final Clock clock;

    VersionWriter(Clock clock) {
        this.clock = clock;
    }

    /**
     * Locks the organization's series, and adds the version with the next number. A push becomes the head unless a restore has happened that its data does not
     * include; a restore and a clone do, a rescue never does.
     */
    Uni<StoredVersion> add(SqlConnection connection, NewVersion wanted) {
        return Series.lock(connection, wanted.organization()).chain(series -> add(connection, wanted, series));
    }

    /** Like the other one, by whoever holds the lock. */
    Uni<StoredVersion> add(SqlConnection connection, NewVersion wanted, Series series) {
        OffsetDateTime now = Times.now(clock);
        long version = series.lastVersion() + 1;
        return connection
                .preparedQuery(INSERT)
                .execute(row(wanted, version, lineage(wanted, series), now))
                .chain(() -> connection.preparedQuery(INSERT_PARTS).execute(parts(wanted, version, series, now)))
                .chain(() -> connection
                        .preparedQuery(ADVANCE)
                        .execute(Tuple.of(
                                wanted.organization().value(),
                                version,
                                Math.max(series.lineage(), lineage(wanted, series)),
                                becomesHead(wanted, series),
                                now.plus(Retention.PAUSE))))
                .map(done -> new StoredVersion(wanted.organization(), version, now.toInstant(), wanted.manifest()));
    }

    private static long lineage(NewVersion wanted, Series series) {
        return switch (wanted.kind()) {
            case PUSH, RESCUE -> wanted.origin().map(Origin::lineage).orElse(series.lineage());
            case RESTORE -> series.lineage() + 1;
            case CLONE -> series.lineage();
        };
    }

    private static boolean becomesHead(NewVersion wanted, Series series) {
        return switch (wanted.kind()) {
            case PUSH -> series.isCurrent(lineage(wanted, series));
            case RESTORE, CLONE -> true;
            case RESCUE -> false;
        };
    }

    private static Tuple row(NewVersion wanted, long version, long lineage, OffsetDateTime now) {
        return Tuple.from(Arrays.asList(
                wanted.organization().value(),
                version,
                lineage,
                wanted.kind().name(),
                wanted.origin().map(origin -> origin.generation().value()).orElse(null),
                wanted.origin().map(origin -> origin.gateway().value()).orElse(null),
                Times.timestamp(wanted.takenAt()),
                now,
                wanted.manifest().digest().buffer(),
                wanted.manifest().jsonBytes(),
                wanted.source().map(source -> source.organization().value()).orElse(null),
                wanted.source().map(Source::version).orElse(null)));
    }

    private static Tuple parts(NewVersion wanted, long version, Series series, OffsetDateTime now) {
        List<Part> parts = wanted.manifest().parts();
        return Tuple.from(Arrays.asList(
                wanted.organization().value(),
                version,
                now,
                parts.stream()
                        .map(part ->
                                part.project().map(project -> project.value()).orElse(null))
                        .toArray(UUID[]::new),
                parts.stream().map(part -> part.sha256().buffer()).toArray(Buffer[]::new),
                // null would have to be typed
                series.headVersion().orElse(0)));
    }
}
