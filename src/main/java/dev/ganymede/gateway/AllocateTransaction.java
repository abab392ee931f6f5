package dev.ganymede.gateway;

import dev.ganymede.id.OrganizationId;
import dev.ganymede.secret.SecretHash;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Takes a ready gateway for an organization, whoever else wants one: one short transaction, in which nothing outside is called. */
final class AllocateTransaction {

    static final String TAKEABLE = "state = 'READY' and host is not null and not cordoned and not recycle";

    // Who may take a gateway before $1 at the time $2: has waited longer, is due, and has none in hand.
    static final String AHEAD =
            """
            select 1 from revival r
            where r.organization_id <> $1 and r.not_before <= $2
              and not exists (
                select 1 from revival mine where mine.organization_id = $1 and mine.queued_at <= r.queued_at)
              and not exists (
                select 1 from allocation l where l.organization_id = r.organization_id and l.state <> 'ENDED')
            """;

    // Callers of one organization stand in line here, so that they meet in one allocation instead of taking gateways
    // from others.
    private static final String LOCK_ORGANIZATION =
            "select exists (" + AHEAD + ") as others_ahead from organization where id = $1 for no key update";

    // Whoever may take a gateway only when enough are left for the queue counts and takes alone.
    private static final String LOCK_QUEUE = "select pg_advisory_xact_lock(hashtext('ganymede.revival'))";

    static final String QUEUED = "select 1 from revival where organization_id = $1";

    private static final String LIVE =
            "select " + AllocationRepository.COLUMNS + " from allocation a left join gateway g on g.id = a.gateway_id"
                    + " where a.organization_id = $1 and a.state <> 'ENDED'";

    // The gateway that was picked becomes the organization's.
    static final String TAKING =
            """
            taken as (
                update gateway set state = 'ALLOCATED', state_since = $2, reason = null,
                    -- a minute of readiness says that earlier failures are history
                    failures = case when state_since < $2::timestamptz - interval '1 minute' then 0 else failures end
                from picked where gateway.id = picked.id
                returning picked.id, picked.host, picked.http_port, gateway.life
            ), counted as (
                update organization set generation = generation + 1
                where id = $1 and exists (select 1 from taken)
                returning generation
            ), a as (
                insert into allocation (id, organization_id, gateway_id, generation, state,
                                        handshake_token_hash, handshake_expires_at, started_at, starter, life)
                select $3, $1, taken.id, counted.generation, 'HANDSHAKING', $4, $5, $2, $6, taken.life
                from taken, counted
                returning *
            )
            """;

    // The longest-ready gateway first: the one that was just replaced comes last.
    private static final String TAKE =
            """
            with picked as (
                select id, host, http_port from gateway
                where %2$s and (not $7::boolean
                    or (select count(*) from gateway where %2$s) > (select count(*) from (%3$s) ahead))
                order by state_since, slot
                limit 1
                for update skip locked
            ), %5$s
            select %1$s, exists (%4$s) as queued from a join taken g on g.id = a.gateway_id
            """
                    .formatted(AllocationRepository.COLUMNS, TAKEABLE, AHEAD, QUEUED, TAKING);

    private final Pool pool;
    private final Clock clock;
    private final ProcessMark mark;

    AllocateTransaction(Pool pool, Clock clock, ProcessMark mark) {
        this.pool = pool;
        this.clock = clock;
        this.mark = mark;
    }

    /**
     * Who asks.
     *
     * @param handshakeExpiresAt by the service's clock; afterwards the allocation may be ended by anybody
     * @param onlyQueued nothing is taken for an organization that does not wait in the queue
     */
    record Request(
            OrganizationId organization, SecretHash handshakeToken, Instant handshakeExpiresAt, boolean onlyQueued) {

        Tuple key() {
            return Tuple.of(organization.value());
        }
    }

    Uni<AllocateResult> run(Request request) {
        return pool.withTransaction(connection -> connection
                .preparedQuery(LOCK_ORGANIZATION)
                .execute(Tuple.of(request.organization().value(), Rows.now(clock)))
                .chain(locked -> locked.size() == 0
                        ? Uni.createFrom().item(new AllocateResult.UnknownOrganization())
                        : locked(connection, request, locked.iterator().next().getBoolean("others_ahead"))));
    }

    // what was read in the same statement as the lock may be older than the lock: it is asked here
    private Uni<AllocateResult> locked(SqlConnection connection, Request request, boolean othersAhead) {
        if (!request.onlyQueued()) {
            return joinOrTake(connection, request, othersAhead);
        }
        return connection
                .preparedQuery(QUEUED)
                .execute(request.key())
                .chain(queued -> queued.size() == 0
                        ? Uni.createFrom().item(new AllocateResult.NotQueued())
                        : joinOrTake(connection, request, othersAhead));
    }

    private Uni<AllocateResult> joinOrTake(SqlConnection connection, Request request, boolean othersAhead) {
        return connection
                .preparedQuery(LIVE)
                .execute(request.key())
                .chain(live -> live.size() > 0
                        ? Uni.createFrom()
                                .<AllocateResult>item(new AllocateResult.Joined(
                                        Rows.allocation(live.iterator().next())))
                        : take(connection, request, othersAhead));
    }

    private Uni<AllocateResult> take(SqlConnection connection, Request request, boolean othersAhead) {
        Uni<?> turn = othersAhead
                ? connection.query(LOCK_QUEUE).execute()
                : Uni.createFrom().voidItem();
        return turn.chain(() -> connection
                        .preparedQuery(TAKE)
                        .execute(Tuple.from(List.of(
                                request.organization().value(),
                                Rows.now(clock),
                                UUID.randomUUID(),
                                request.handshakeToken().bytes(),
                                Rows.timestamp(request.handshakeExpiresAt()),
                                mark.number(),
                                othersAhead))))
                .map(AllocateTransaction::taken);
    }

    private static AllocateResult taken(RowSet<Row> rows) {
        if (rows.size() == 0) {
            return new AllocateResult.NoneReady();
        }
        Row row = rows.iterator().next();
        return new AllocateResult.Taken(Rows.allocation(row), row.getBoolean("queued"));
    }
}
