package dev.ganymede.gateway;

import dev.ganymede.id.AllocationId;
import dev.ganymede.id.GatewayId;
import dev.ganymede.id.OrganizationId;
import dev.ganymede.secret.SecretHash;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.pgclient.PgException;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Allocations in PostgreSQL, in native SQL: the moves are guarded by their {@code where}, and the partial unique indexes hold invariant 1 whatever
 * this code does.
 */
@ApplicationScoped
public class AllocationRepository {

    static final String COLUMNS =
            "a.id, a.organization_id, a.gateway_id, a.generation, a.state, a.handshake_expires_at,"
                    + " a.serving_at, a.ended_at, a.ended_reason, g.host, g.http_port";

    private static final String SELECT =
            "select " + COLUMNS + " from allocation a left join gateway g on g.id = a.gateway_id where ";

    // A gateway is released with its allocation, and who did not want to stop is queued, in the same statement.
    private static final String END =
            """
            with a as (
                update allocation
                set state = 'ENDED', ended_at = $2, handshake_token_hash = null, silent_at = null,
                    -- whatever becomes of a gateway that was asked to leave, it left for that
                    ended_reason = case
                        when revive is false and $3 <> 'STOPPED_BY_GATEWAY' then 'STOPPED_BY_OPERATOR'
                        when revive and $3 in ('STOPPED_BY_GATEWAY', 'TERMINATED') then 'MOVED'
                        else $3 end
                where %s and state <> 'ENDED'
                returning *
            ), released as (
                update gateway set state_since = $2, reason = ended_reason,
                    state = case when ended_reason = 'STOPPED_BY_OPERATOR' then 'REMOVING' else $4 end,
                    failures = case when $4 = 'UNHEALTHY' and ended_reason <> 'STOPPED_BY_OPERATOR'
                        then failures + 1 else failures end,
                    not_before = case when $4 = 'UNHEALTHY' and ended_reason <> 'STOPPED_BY_OPERATOR'
                        then $2::timestamptz + make_interval(secs => least(300, power(2, least(failures, 9)) - 1)) end
                from a where gateway.id = a.gateway_id and gateway.state = 'ALLOCATED'
                returning gateway.image, gateway.state
            ), against as (
                -- a handshake that came to nothing speaks against the image that is being rolled out
                update rollout set setbacks = setbacks + 1 from released
                where rollout.state = 'RUNNING' and rollout.image_id = released.image
                  and released.state = 'UNHEALTHY' and $3 = 'HANDSHAKE_FAILED'
            ), queued as (
                insert into revival (organization_id, queued_at, not_before, reason)
                select organization_id, $2, $2, ended_reason from a
                where serving_at is not null and coalesce(revive, $5) and $3 <> 'STOPPED_BY_OPERATOR'
                on conflict (organization_id) do nothing
            )
            select %s from a left join gateway g on g.id = a.gateway_id
            """;
    private static final String END_ONE = END.formatted("id = $1", COLUMNS);
    private static final String END_HANDSHAKE = END.formatted("id = $1 and state = 'HANDSHAKING'", COLUMNS);
    // Nobody holds the mark of its starter. A process whose session was cut holds it again within a second or two.
    private static final String ABANDONED =
            """
            starter is not null and started_at <= $1::timestamptz - interval '3 seconds' and not exists (
                select 1 from pg_locks l
                where l.locktype = 'advisory' and l.classid = %d and l.objid = starter::oid and l.objsubid = 2
                  and l.database = (select oid from pg_database where datname = current_database()))
            """
                    .formatted(ProcessMark.LOCK_CLASS);
    private static final String END_OWN =
            END.formatted("gateway_token_hash = $1 and gateway_id = $6 and organization_id = $7", COLUMNS);
    private static final String END_EXPIRED =
            END.formatted("state = 'HANDSHAKING' and handshake_expires_at <= $1", COLUMNS);
    private static final String END_ABANDONED = END.formatted("state = 'HANDSHAKING' and " + ABANDONED, COLUMNS);

    private final Pool pool;
    private final Clock clock;
    private final AllocateStatement atOnce;
    private final AllocateTransaction allocating;

    AllocationRepository(Pool pool, Clock clock, ProcessMark mark) {
        this.pool = pool;
        this.clock = clock;
        this.atOnce = new AllocateStatement(pool, clock, mark);
        this.allocating = new AllocateTransaction(pool, clock, mark);
    }

    /**
     * Takes a ready gateway for the organization, or joins its live allocation. Organizations that lost theirs and are due come first: another one gets a
     * gateway only when more are ready than of those wait.
     *
     * @param handshakeExpiresAt by the service's clock; afterwards the allocation may be ended by anybody
     */
    public Uni<AllocateResult> allocate(
            OrganizationId organization, SecretHash handshakeToken, Instant handshakeExpiresAt) {
        AllocateTransaction.Request request =
                new AllocateTransaction.Request(organization, handshakeToken, handshakeExpiresAt, false);
        return atOnce.run(request)
                .chain(decided ->
                        decided.map(result -> Uni.createFrom().item(result)).orElseGet(() -> allocating.run(request)));
    }

    /** Like {@link #allocate}, but only for an organization that waits in the queue now. */
    public Uni<AllocateResult> allocateAgain(
            OrganizationId organization, SecretHash handshakeToken, Instant handshakeExpiresAt) {
        return allocating.run(new AllocateTransaction.Request(organization, handshakeToken, handshakeExpiresAt, true));
    }

    /**
     * Redeems a handshake token: once, before it expires, and only for the gateway that it was made for (invariant 2). The gateway's token is set in the
     * same statement. Empty: not redeemable.
     *
     * @param bootToken says which gateway asks
     */
    public Uni<Optional<Allocation>> redeem(SecretHash bootToken, SecretHash handshakeToken, SecretHash gatewayToken) {
        return pool.preparedQuery(
                        """
                        with a as (
                            update allocation set handshake_token_hash = null, gateway_token_hash = $3
                            from gateway where gateway.id = gateway_id and boot_token_hash = $2
                              and handshake_token_hash = $1 and allocation.state = 'HANDSHAKING'
                              and handshake_expires_at > $4
                            returning allocation.*
                        )
                        select %s from a join gateway g on g.id = a.gateway_id
                        """
                                .formatted(COLUMNS))
                .execute(Tuple.of(handshakeToken.bytes(), bootToken.bytes(), gatewayToken.bytes(), Rows.now(clock)))
                .map(AllocationRepository::first);
    }

    /**
     * {@code HANDSHAKING → SERVING}; empty when it was ended meanwhile. The organization leaves the queue, and its gateway's earlier failures are forgiven.
     *
     * @param silentAt without a sign of life until then the gateway counts as lost
     */
    public Uni<Optional<Allocation>> serving(AllocationId allocation, Instant silentAt) {
        return pool.preparedQuery(
                        """
                        with a as (
                            update allocation set state = 'SERVING', serving_at = $2, silent_at = $3
                            where id = $1 and state = 'HANDSHAKING' and gateway_token_hash is not null
                            returning *
                        ), proven as (
                            update gateway set failures = 0, not_before = null from a where gateway.id = a.gateway_id
                        ), served as (
                            delete from revival using a where revival.organization_id = a.organization_id
                        )
                        select %s from a left join gateway g on g.id = a.gateway_id
                        """
                                .formatted(COLUMNS))
                .execute(Tuple.of(allocation.value(), Rows.now(clock), Rows.timestamp(silentAt)))
                .map(AllocationRepository::first);
    }

    /** A sign of life of a serving gateway: the deadline moves. Answers its allocation, live or ended; empty: unknown token. */
    public Uni<Optional<Allocation>> alive(SecretHash gatewayToken, Instant silentAt) {
        return pool.preparedQuery(
                        """
                        with heard as (
                            update allocation set silent_at = $2 where gateway_token_hash = $1 and state = 'SERVING'
                        )
                        %s a.gateway_token_hash = $1
                        """
                                .formatted(SELECT))
                .execute(Tuple.of(gatewayToken.bytes(), Rows.timestamp(silentAt)))
                .map(AllocationRepository::first);
    }

    /** Signs of life that others have seen: these gateways' deadlines move. */
    public Uni<Void> carriesTraffic(List<GatewayId> gateways, Instant silentAt) {
        UUID[] ids = gateways.stream().map(GatewayId::value).toArray(UUID[]::new);
        return pool.preparedQuery(
                        "update allocation set silent_at = $2 where gateway_id = any($1) and state = 'SERVING'")
                .execute(Tuple.of(ids, Rows.timestamp(silentAt)))
                .replaceWithVoid();
    }

    /** Serving allocations whose gateways have been silent for too long. */
    public Uni<List<Allocation>> silent() {
        return pool.preparedQuery(SELECT + "a.state = 'SERVING' and a.silent_at <= $1 order by a.silent_at limit 100")
                .execute(Tuple.of(Rows.now(clock)))
                .map(AllocationRepository::all);
    }

    /** Serving allocations that an operator has asked to leave: whoever asked may have died since. */
    public Uni<List<Allocation>> asked() {
        return pool.preparedQuery(SELECT + "a.state = 'SERVING' and a.revive is false order by a.serving_at limit 100")
                .execute()
                .map(AllocationRepository::all);
    }

    /** Whatever ends the allocation from now on, its organization is to be served again by another one; unless an operator is stopping it. */
    public Uni<Void> reviveAfter(AllocationId allocation) {
        return pool.preparedQuery(
                        """
                        update allocation set revive = true
                        where id = $1 and state <> 'ENDED' and revive is null
                        """)
                .execute(Tuple.of(allocation.value()))
                .replaceWithVoid();
    }

    /** Ends a handshake and releases its gateway; empty when it serves, or had ended already. */
    public Uni<Optional<Allocation>> endHandshake(AllocationId allocation, EndReason reason) {
        return end(END_HANDSHAKE, allocation.value(), reason)
                .map(ended -> ended.stream().findFirst());
    }

    /** Ends the allocation and releases its gateway; empty when it had ended already. Its tokens are dead from here on. */
    public Uni<Optional<Allocation>> end(AllocationId allocation, EndReason reason) {
        return end(END_ONE, allocation.value(), reason)
                .map(ended -> ended.stream().findFirst());
    }

    /** Likewise, for the holder of its gateway token; empty also when the token is unknown, or for something else than it says. */
    public Uni<Optional<Allocation>> endOwn(
            SecretHash gatewayToken, GatewayId gateway, OrganizationId organization, EndReason reason) {
        return end(END_OWN, gatewayToken.bytes(), reason, gateway.value(), organization.value())
                .map(ended -> ended.stream().findFirst());
    }

    /** Ends handshakes whose starter is gone; nothing speaks against their gateways. */
    public Uni<List<Allocation>> endAbandonedHandshakes() {
        return end(END_ABANDONED, Rows.now(clock), EndReason.HANDSHAKE_ABANDONED);
    }

    /** Ends handshakes whose time is over. */
    public Uni<List<Allocation>> endExpiredHandshakes() {
        return end(END_EXPIRED, Rows.now(clock), EndReason.HANDSHAKE_EXPIRED);
    }

    private Uni<List<Allocation>> end(String statement, Object key, EndReason reason, UUID... more) {
        GatewayState.Name released = reason.orderly() ? GatewayState.Name.REMOVING : GatewayState.Name.UNHEALTHY;
        return pool.preparedQuery(statement)
                .execute(with(Tuple.of(key, Rows.now(clock), reason.name(), released.name(), reason.revives()), more))
                .map(AllocationRepository::all);
    }

    private static Tuple with(Tuple values, UUID... more) {
        for (UUID value : more) {
            values.addUUID(value);
        }
        return values;
    }

    /** The organization's live allocation. */
    public Uni<Optional<Allocation>> findLive(OrganizationId organization) {
        return pool.preparedQuery(SELECT + "a.organization_id = $1 and a.state <> 'ENDED'")
                .execute(Tuple.of(organization.value()))
                .map(AllocationRepository::first);
    }

    /** How the organization stands, in one look. */
    public Uni<Standing> standing(OrganizationId organization) {
        return pool.preparedQuery(
                        """
                        select %s, exists (select 1 from revival where organization_id = asked.id) as queued
                        from (select $1::uuid as id) asked
                        left join allocation a on a.organization_id = asked.id and a.state <> 'ENDED'
                        left join gateway g on g.id = a.gateway_id
                        """
                                .formatted(COLUMNS))
                .execute(Tuple.of(organization.value()))
                .map(rows -> Rows.standing(rows.iterator().next()));
    }

    /** One allocation, live or ended. */
    public Uni<Optional<Allocation>> find(AllocationId allocation) {
        return pool.preparedQuery(SELECT + "a.id = $1")
                .execute(Tuple.of(allocation.value()))
                .map(AllocationRepository::first);
    }

    /** The allocation that a gateway token was issued for, live or ended. */
    public Uni<Optional<Allocation>> findByGatewayToken(SecretHash gatewayToken) {
        return pool.preparedQuery(SELECT + "a.gateway_token_hash = $1")
                .execute(Tuple.of(gatewayToken.bytes()))
                .map(AllocationRepository::first);
    }

    /** All live allocations: what DNS and the edge are a function of (invariant 6). */
    public Uni<List<Allocation>> allLive() {
        return pool.preparedQuery(SELECT + "a.state <> 'ENDED'").execute().map(AllocationRepository::all);
    }

    /** Deletes the organization with its history unless it has a live allocation; tells whether it did. */
    public Uni<Boolean> deleteIdleOrganization(OrganizationId organization) {
        return pool.withTransaction(connection -> connection
                .preparedQuery("select 1 from organization where id = $1 for update")
                .execute(Tuple.of(organization.value()))
                .chain(() -> connection
                        .preparedQuery(
                                """
                                delete from organization o where id = $1 and not exists
                                    (select 1 from allocation where organization_id = o.id and state <> 'ENDED')
                                """)
                        .execute(Tuple.of(organization.value())))
                .map(deleted -> deleted.rowCount() == 1));
    }

    /** True when the failure is the database's refusal of a second live allocation. */
    public static boolean isConflict(Throwable failure) {
        return failure instanceof PgException refused && "23505".equals(refused.getSqlState());
    }

    private static Optional<Allocation> first(RowSet<Row> rows) {
        return all(rows).stream().findFirst();
    }

    private static List<Allocation> all(RowSet<Row> rows) {
        List<Allocation> allocations = new ArrayList<>(rows.size());
        rows.forEach(row -> allocations.add(Rows.allocation(row)));
        return allocations;
    }
}
