package dev.ganymede.snapshot;

import dev.ganymede.id.Generation;
import dev.ganymede.problem.Problem;
import dev.ganymede.problem.ProblemType;
import dev.ganymede.secret.SecretHash;
import dev.ganymede.snapshot.NewVersion.Origin;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.pgclient.PgException;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Makes a push a version, in one transaction, under the live allocation (invariant 3). Its commit waits for the disk, and with its own part of the log everything
 * before it is there, the blobs among it (ADR 12). What is refused has changed nothing.
 *
 * <p>Everybody locks in this order: allocation, series. So pushes of one organization stand in line, and a concurrent end of the allocation waits or is seen.
 */
@ApplicationScoped
class SnapshotCommit {

    // A push is a sign of life.
    private static final String LOCK_ALLOCATION =
            """
            update allocation set silent_at = case when state = 'SERVING' then $4::timestamptz end
            where gateway_token_hash = $1 and organization_id = $2 and gateway_id = $3 and state <> 'ENDED'
            returning generation, coalesce(lineage, 0) as lineage
            """;

    private static final String COMPARE =
            """
            select head.digest = $3 as unchanged, head.stored_at,
                exists (select 1 from snapshot
                    where organization_id = $1 and digest = $3 and confirmed_generation = $4
                      and $5 between confirmed_from and confirmed_at) as repeated
            from (select 1) one left join snapshot head on head.organization_id = $1 and head.version = $2
            """;

    // whoever made the version: of the generation that pushes now it is known from here on, so that nothing of it is
    // taken for new later
    private static final String CONFIRM =
            """
            update snapshot set
                confirmed_from = case when confirmed_generation = $3 then confirmed_from else $4 end,
                confirmed_at = case when confirmed_generation = $3 then greatest(confirmed_at, $4) else $4 end,
                confirmed_generation = $3
            where organization_id = $1 and version = $2
            """;

    private static final String ADVANCE =
            """
            update snapshot_series set generation = $2, arrival = $3,
                sequence = case when generation = $2 then coalesce($4, sequence) else $4 end
            where organization_id = $1
            """;

    private static final String MERGED =
            """
            update snapshot set merged_at = $3
            where organization_id = $1 and version = any($2) and kind = 'RESCUE' and merged_at is null
            """;

    private static final int ATTEMPTS = 3;
    // PostgreSQL has rolled the transaction back and says so: serialization failure, deadlock
    private static final Set<String> UNDONE = Set.of("40001", "40P01");
    private static final String FOREIGN_KEY_VIOLATION = "23503";
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    private final Pool pool;
    private final Clock clock;
    private final SnapshotConfig config;
    private final VersionWriter versions;
    private final Duration silenceTimeout;

    SnapshotCommit(
            Pool pool,
            Clock clock,
            SnapshotConfig config,
            VersionWriter versions,
            @ConfigProperty(name = "ganymede.allocation.silence-timeout") Duration silenceTimeout) {
        this.pool = pool;
        this.clock = clock;
        this.config = config;
        this.versions = versions;
        this.silenceTimeout = silenceTimeout;
    }

    /** Empty: the token is not (or no more) good for this organization and gateway. */
    Uni<Optional<PushResult>> push(SecretHash gatewayToken, Push push) {
        return Uni.createFrom()
                .deferred(() -> pool.withTransaction(connection -> lockAllocation(connection, gatewayToken, push)
                        .chain(origin -> origin.isEmpty()
                                ? Uni.createFrom().item(Optional.<PushResult>empty())
                                : inSeries(connection, push, origin.get()).map(Optional::of))))
                .onFailure(SnapshotCommit::undone)
                .retry()
                .atMost(ATTEMPTS)
                .onFailure(SnapshotCommit::blobIsGone)
                .transform(swept -> Problem.retryable(
                        ProblemType.DEPENDENCY_UNAVAILABLE, "The push took too long; send it again.", RETRY_AFTER));
    }

    private Uni<Optional<Origin>> lockAllocation(SqlConnection connection, SecretHash gatewayToken, Push push) {
        Instant silentAt = clock.instant().plus(silenceTimeout);
        return connection
                .preparedQuery(LOCK_ALLOCATION)
                .execute(Tuple.of(
                        gatewayToken.bytes(),
                        push.organization().value(),
                        push.gateway().value(),
                        Times.timestamp(silentAt)))
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(origin(push, rows.iterator().next())));
    }

    private static Origin origin(Push push, Row row) {
        return new Origin(new Generation(row.getLong("generation")), push.gateway(), row.getLong("lineage"));
    }

    private Uni<PushResult> inSeries(SqlConnection connection, Push push, Origin origin) {
        return Series.lock(connection, push.organization()).chain(series -> {
            if (!series.accepts(new Series.Place(origin.generation(), push.arrival(), push.sequence()))) {
                throw stale("A later push of this organization was stored.");
            }
            long quotaBytes = series.quotaBytes().orElse(config.quotaBytes());
            long neededBytes = push.manifest().storedBytes();
            if (neededBytes > quotaBytes) {
                throw Problem.of(
                        ProblemType.QUOTA_EXCEEDED, neededBytes + " bytes; the quota is " + quotaBytes + " bytes.");
            }
            return compare(connection, push, origin, series)
                    .chain(result -> advance(connection, push, origin, series).replaceWith(result));
        });
    }

    private Uni<PushResult> compare(SqlConnection connection, Push push, Origin origin, Series series) {
        long head = series.headVersion().orElse(0);
        return connection
                .preparedQuery(COMPARE)
                .execute(Tuple.of(
                        push.organization().value(),
                        head,
                        push.manifest().digest().buffer(),
                        origin.generation().value(),
                        Times.timestamp(push.takenAt())))
                .chain(rows -> {
                    Row row = rows.iterator().next();
                    if (Boolean.TRUE.equals(row.getBoolean("unchanged"))) {
                        Instant storedAt = row.getOffsetDateTime("stored_at").toInstant();
                        return confirm(connection, push, origin, head)
                                .replaceWith(result(push.manifest(), head, storedAt, true));
                    }
                    if (row.getBoolean("repeated")) {
                        throw stale("This push was stored before, and a later one after it.");
                    }
                    return versions.add(
                                    connection,
                                    NewVersion.pushed(push.organization(), push.manifest(), origin, push.takenAt()),
                                    series)
                            .map(stored -> result(push.manifest(), stored.version(), stored.storedAt(), false));
                });
    }

    private static Uni<Void> confirm(SqlConnection connection, Push push, Origin origin, long head) {
        return connection
                .preparedQuery(CONFIRM)
                .execute(Tuple.of(
                        push.organization().value(),
                        head,
                        origin.generation().value(),
                        Times.timestamp(push.takenAt())))
                .replaceWithVoid();
    }

    private Uni<Void> advance(SqlConnection connection, Push push, Origin origin, Series series) {
        Uni<?> advanced = connection
                .preparedQuery(ADVANCE)
                .execute(Tuple.from(Arrays.asList(
                        push.organization().value(),
                        origin.generation().value(),
                        push.arrival(),
                        push.sequence().isPresent() ? push.sequence().getAsLong() : null)));
        // what is not in the head is still to be merged into it
        boolean merges = !push.recovered().isEmpty() && series.isCurrent(origin.lineage());
        return (merges ? advanced.chain(() -> merged(connection, push)) : advanced).replaceWithVoid();
    }

    private Uni<?> merged(SqlConnection connection, Push push) {
        return connection
                .preparedQuery(MERGED)
                .execute(
                        Tuple.of(push.organization().value(), push.recovered().toArray(Long[]::new), Times.now(clock)));
    }

    private static PushResult result(Manifest manifest, long version, Instant storedAt, boolean unchanged) {
        return new PushResult(version, storedAt, manifest.digest(), manifest.jsonBytes(), unchanged);
    }

    private static Problem stale(String detail) {
        return Problem.of(ProblemType.STALE_PUSH, detail);
    }

    private static boolean undone(Throwable failure) {
        return failure instanceof PgException refused && UNDONE.contains(refused.getSqlState());
    }

    /** Whoever took longer than the sweep's grace: the foreign key is the last guard of a manifest. */
    private static boolean blobIsGone(Throwable failure) {
        return failure instanceof PgException refused
                && FOREIGN_KEY_VIOLATION.equals(refused.getSqlState())
                && "snapshot_part_sha256_fkey".equals(refused.getConstraint());
    }
}
