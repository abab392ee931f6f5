package dev.ganymede.gateway;

import dev.ganymede.id.GatewayId;
import dev.ganymede.secret.SecretHash;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Gateways in PostgreSQL. A move names the state and life it starts from; when the row has moved on, nothing happens and the answer says so. */
@ApplicationScoped
public class GatewayRepository {

    private static final String COLUMNS =
            "id, node, slot, name, http_port, vpn_port, state, state_since, life, container_id, host, reason,"
                    + " cordoned, recycle, failures, not_before, image";

    private static final String MOVE =
            """
            update gateway set state = $4, state_since = $5, reason = $6, %s
            where id = $1 and life = $2 and state = $3
            """
                    .formatted(Setbacks.FORGIVEN.formatted("$5"));

    // A life that came to nothing also speaks against the image that is being rolled out.
    private static final String SETBACK =
            """
            with failed as (
                update gateway set state = $4, state_since = $5, reason = $6, %s
                where id = $1 and life = $2 and state = $3
                returning id, image, failures
            ), against as (
                update rollout set setbacks = setbacks + 1 from failed
                where rollout.state = 'RUNNING' and rollout.image_id = failed.image and failed.failures > 0
            )
            select id from failed
            """
                    .formatted(Setbacks.ONE_MORE.formatted("$5"));

    private final Pool pool;
    private final Clock clock;
    private final MemberList members;

    GatewayRepository(Pool pool, Clock clock) {
        this.pool = pool;
        this.clock = clock;
        this.members = new MemberList(pool, this::read);
    }

    /** All members, by node and slot; not changeable. */
    public Uni<List<Gateway>> all() {
        return members.get();
    }

    private Uni<List<Gateway>> read() {
        return pool.preparedQuery("select " + COLUMNS + " from gateway order by node, slot")
                .execute()
                .map(GatewayRepository::gateways);
    }

    /** Members with what they serve, for the pool's status: one consistent look. */
    public Uni<List<OccupiedGateway>> allWithTenancy() {
        return pool.preparedQuery(
                        """
                        select g.*, a.organization_id, a.generation, a.state as allocation_state
                        from gateway g left join allocation a on a.gateway_id = g.id and a.state <> 'ENDED'
                        order by node, slot
                        """)
                .execute()
                .map(rows -> {
                    List<OccupiedGateway> found = new ArrayList<>(rows.size());
                    rows.forEach(row -> found.add(new OccupiedGateway(Rows.gateway(row), Rows.tenancy(row))));
                    return found;
                });
    }

    /** One member. */
    public Uni<Optional<Gateway>> find(GatewayId gateway) {
        return pool.preparedQuery("select " + COLUMNS + " from gateway where id = $1")
                .execute(Tuple.of(gateway.value()))
                .map(GatewayRepository::first);
    }

    /** Intent of a new member, in {@code CREATING}. Fails when the slot was taken meanwhile. */
    public Uni<Gateway> insert(GatewayId id, String node, PoolMember member, NewLife life) {
        return pool.preparedQuery(
                        """
                        insert into gateway (id, node, slot, name, http_port, vpn_port, state, state_since, life, boot_token_hash,
                                             image)
                        values ($1, $2, $3, $4, $5, $6, 'CREATING', $7, $8, $9, $10)
                        returning
                        """
                                + COLUMNS)
                .execute(Tuple.from(Arrays.asList(
                        id.value(),
                        node,
                        member.slot(),
                        member.name(),
                        member.httpPort(),
                        member.vpnPort(),
                        Rows.now(clock),
                        life.id().value(),
                        life.bootToken().bytes(),
                        life.image().orElse(null))))
                .map(rows -> Rows.gateway(rows.iterator().next()));
    }

    /**
     * Intent of a new life in {@code CREATING}, at a place that may be another one; from {@code REMOVING} or {@code CREATING} only. It fulfils the order to recycle.
     */
    public Uni<Optional<Gateway>> beginLife(Gateway from, PoolMember member, NewLife life) {
        return pool.preparedQuery(
                        """
                        update gateway set state = 'CREATING', state_since = $3, slot = $4, name = $5, http_port = $6,
                            vpn_port = $7, life = $8, boot_token_hash = $9, image = $10, container_id = null, host = null,
                            reason = null, recycle = false, not_before = null
                        where id = $1 and life = $2 and state in ('CREATING', 'REMOVING')
                        returning
                        """
                                + COLUMNS)
                .execute(Tuple.from(Arrays.asList(
                        from.id().value(),
                        from.life().value(),
                        Rows.now(clock),
                        member.slot(),
                        member.name(),
                        member.httpPort(),
                        member.vpnPort(),
                        life.id().value(),
                        life.bootToken().bytes(),
                        life.image().orElse(null))))
                .map(GatewayRepository::first);
    }

    /** Outcome of a creation: the container is known, and {@code CREATING → STARTING} unless the gateway has called already. */
    public Uni<Optional<Gateway>> started(Gateway gateway, String containerId, String host) {
        return pool.preparedQuery(
                        """
                        update gateway set container_id = $3, host = $4,
                            state_since = case when state = 'CREATING' then $5 else state_since end,
                            state = case when state = 'CREATING' then 'STARTING' else state end
                        where id = $1 and life = $2 and state in ('CREATING', 'STARTING', 'READY')
                        returning
                        """
                                + COLUMNS)
                .execute(Tuple.of(gateway.id().value(), gateway.life().value(), containerId, host, Rows.now(clock)))
                .map(GatewayRepository::first);
    }

    /** {@code CREATING or STARTING → READY} for the holder of this boot token; in other states nothing changes. Empty: unknown token. */
    public Uni<Optional<Gateway>> ready(SecretHash bootToken) {
        return pool.preparedQuery(
                        """
                        update gateway set
                            state_since = case when state in ('CREATING', 'STARTING') then $2 else state_since end,
                            state = case when state in ('CREATING', 'STARTING') then 'READY' else state end
                        where boot_token_hash = $1
                        returning
                        """
                                + COLUMNS)
                .execute(Tuple.of(bootToken.bytes(), Rows.now(clock)))
                .map(GatewayRepository::first);
    }

    /** Moves the gateway when it still is in the state (and life) that it was seen in. To become {@code UNHEALTHY} is a setback. */
    public Uni<Boolean> move(Gateway seen, GatewayState to, String reason) {
        return move(to instanceof GatewayState.Unhealthy ? SETBACK : MOVE, seen, to, reason);
    }

    private Uni<Boolean> move(String statement, Gateway seen, GatewayState to, String reason) {
        return pool.preparedQuery(statement)
                .execute(Tuple.of(
                        seen.id().value(),
                        seen.life().value(),
                        seen.state().name().name(),
                        to.name().name(),
                        Rows.timestamp(to.since()),
                        reason))
                .map(updated -> updated.rowCount() == 1);
    }

    /** A creation came to nothing: a setback. The gateway stays in {@code CREATING} and says why. */
    public Uni<Void> notCreated(Gateway gateway, String reason) {
        return move(SETBACK, gateway, new GatewayState.Creating(clock.instant()), reason)
                .replaceWithVoid();
    }

    /** Takes a member out of the pool whose container is gone; from {@code REMOVING} or {@code CREATING} only. */
    public Uni<Void> delete(Gateway gateway) {
        return pool.preparedQuery(
                        "delete from gateway where id = $1 and life = $2 and state in ('CREATING', 'REMOVING')")
                .execute(Tuple.of(gateway.id().value(), gateway.life().value()))
                .replaceWithVoid();
    }

    /**
     * Takes an operator's order for the member of this name (or id), in one statement; the same order again changes nothing. Empty: there is no such member.
     */
    public Uni<Optional<Gateway>> order(String nameOrId, Order order) {
        return pool.preparedQuery("update gateway set " + order.change()
                        + " where name = $1 or id::text = $1 returning " + COLUMNS)
                .execute(Tuple.of(nameOrId))
                .map(GatewayRepository::first);
    }

    private static Optional<Gateway> first(RowSet<Row> rows) {
        return gateways(rows).stream().findFirst();
    }

    private static List<Gateway> gateways(RowSet<Row> rows) {
        List<Gateway> found = new ArrayList<>(rows.size());
        rows.forEach(row -> found.add(Rows.gateway(row)));
        return found;
    }
}
