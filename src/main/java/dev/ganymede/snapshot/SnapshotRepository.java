package dev.ganymede.snapshot;

import dev.ganymede.id.GatewayId;
import dev.ganymede.id.OrganizationId;
import dev.ganymede.secret.SecretHash;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** Snapshots in PostgreSQL; a write is fenced by the live allocation in the same statement (invariant 3). */
@ApplicationScoped
class SnapshotRepository {

    // "for share" makes a concurrent end of the allocation wait, or this statement see it: what is acknowledged was
    // live.
    private static final String PUSH =
            """
            with live as (
                select organization_id, gateway_id, generation from allocation
                where gateway_token_hash = $1 and organization_id = $2 and gateway_id = $3 and state <> 'ENDED'
                for share
            )
            insert into snapshot (organization_id, generation, gateway_id, taken_at, stored_at, size_bytes, data)
            select organization_id, generation, gateway_id, $4, $5, $6, $7 from live
            on conflict (organization_id) do update set
                generation = excluded.generation, gateway_id = excluded.gateway_id, taken_at = excluded.taken_at,
                stored_at = excluded.stored_at, size_bytes = excluded.size_bytes, data = excluded.data
            where snapshot.generation <= excluded.generation
            returning stored_at
            """;

    private static final String PULL =
            """
            select s.taken_at, s.data
            from allocation a left join snapshot s on s.organization_id = a.organization_id
            where a.gateway_token_hash = $1 and a.organization_id = $2 and a.gateway_id = $3 and a.state <> 'ENDED'
            """;

    private final Pool pool;
    private final Clock clock;

    SnapshotRepository(Pool pool, Clock clock) {
        this.pool = pool;
        this.clock = clock;
    }

    /** Whose data, and by which right. */
    record Claim(SecretHash gatewayToken, OrganizationId organization, GatewayId gateway) {}

    /** Stores the body under the claim's live allocation and tells when; empty: the claim is not (or no more) good, nothing was changed. */
    Uni<Optional<Instant>> push(SecretHash gatewayToken, PushBody body) {
        OffsetDateTime now = clock.instant().truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
        return pool.preparedQuery(PUSH)
                .execute(Tuple.from(List.of(
                        gatewayToken.bytes(),
                        body.organization().value(),
                        body.gateway().value(),
                        body.takenAt().truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC),
                        now,
                        (long) body.data().length(),
                        body.data())))
                .map(rows -> rows.size() == 0 ? Optional.empty() : Optional.of(now.toInstant()));
    }

    /** Outer empty: the claim is not good. Inner empty: nothing was ever pushed. */
    Uni<Optional<Optional<Snapshot>>> pull(Claim claim) {
        return pool.preparedQuery(PULL)
                .execute(Tuple.of(
                        claim.gatewayToken().bytes(),
                        claim.organization().value(),
                        claim.gateway().value()))
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(snapshot(rows.iterator().next())));
    }

    private static Optional<Snapshot> snapshot(Row row) {
        return Optional.ofNullable(row.getOffsetDateTime("taken_at"))
                .map(takenAt ->
                        new Snapshot(takenAt.toInstant(), row.getBuffer("data").getDelegate()));
    }
}
