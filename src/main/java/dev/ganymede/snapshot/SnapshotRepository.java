package dev.ganymede.snapshot;

import dev.ganymede.secret.SecretHash;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Snapshots in PostgreSQL; a write is fenced by the live allocation in the same statement (invariant 3). */
@ApplicationScoped
class SnapshotRepository {

    // The update makes a concurrent end of the allocation wait, or this statement see it: what is acknowledged was
    // live. A push is a sign of life.
    private static final String PUSH =
            """
            with live as (
                update allocation set silent_at = case when state = 'SERVING' then $8::timestamptz end
                where gateway_token_hash = $1 and organization_id = $2 and gateway_id = $3 and state <> 'ENDED'
                returning organization_id, gateway_id, generation
            )
            insert into snapshot (organization_id, generation, gateway_id, taken_at, stored_at, size_bytes, data)
            select organization_id, generation, gateway_id, $4, $5, $6, $7 from live
            on conflict (organization_id) do update set
                generation = excluded.generation, gateway_id = excluded.gateway_id, taken_at = excluded.taken_at,
                stored_at = excluded.stored_at, size_bytes = excluded.size_bytes, data = excluded.data
            where snapshot.generation <= excluded.generation
            returning stored_at
            """;

    private final Pool pool;
    private final Clock clock;
    private final Duration silenceTimeout;

    SnapshotRepository(
            Pool pool,
            Clock clock,
            @ConfigProperty(name = "ganymede.allocation.silence-timeout") Duration silenceTimeout) {
        this.pool = pool;
        this.clock = clock;
        this.silenceTimeout = silenceTimeout;
    }

    /** Stores the body under the claim's live allocation and tells when; empty: the claim is not (or no more) good, nothing was changed. */
    Uni<Optional<Instant>> push(SecretHash gatewayToken, PushBody body) {
        OffsetDateTime now = timestamp(clock.instant());
        return pool.preparedQuery(PUSH)
                .execute(Tuple.from(List.of(
                        gatewayToken.bytes(),
                        body.organization().value(),
                        body.gateway().value(),
                        timestamp(body.takenAt()),
                        now,
                        (long) body.data().length(),
                        body.data(),
                        now.plus(silenceTimeout))))
                .map(rows -> rows.size() == 0 ? Optional.empty() : Optional.of(now.toInstant()));
    }

    private static OffsetDateTime timestamp(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
    }
}
