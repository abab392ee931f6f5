package dev.ganymede.gateway;

import dev.ganymede.id.GatewayId;
import dev.ganymede.id.LifeId;
import dev.ganymede.secret.SecretHash;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Gateways in PostgreSQL. A move names the state and life it starts from; when the row has moved on, nothing happens and the answer says so. */
@ApplicationScoped
public class GatewayRepository {

    private static final String COLUMNS =
            "id, node, slot, name, http_port, vpn_port, state, state_since, life, container_id, host, reason,"
                    + " cordoned, recycle, failures, not_before, image";

    private final Pool pool;
    private final Clock clock;

    GatewayRepository(Pool pool, Clock clock) {
        this.pool = pool;
        this.clock = clock;
    }

    /** All members, by node and slot. */
    public Uni<List<Gateway>> all() {
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

    /** The gateway whose container holds this boot token. */
    public Uni<Optional<Gateway>> findByBootToken(SecretHash bootToken) {
        return pool.preparedQuery("select " + COLUMNS + " from gateway where boot_token_hash = $1")
                .execute(Tuple.of(bootToken.bytes()))
                .map(GatewayRepository::first);
    }

    /** Intent of a new member, in {@code CREATING}. Fails when the slot was taken meanwhile. */
    public Uni<Gateway> insert(GatewayId id, String node, PoolMember member, LifeId life, SecretHash bootToken) {
        return pool.preparedQuery(
                        """
                        insert into gateway (id, node, slot, name, http_port, vpn_port, state, state_since, life, boot_token_hash)
                        values ($1, $2, $3, $4, $5, $6, 'CREATING', $7, $8, $9)
                        returning
                        """
                                + COLUMNS)
                .execute(Tuple.from(List.of(
                        id.value(),
                        node,
                        member.slot(),
                        member.name(),
                        member.httpPort(),
                        member.vpnPort(),
                        Rows.now(clock),
                        life.value(),
                        bootToken.bytes())))
                .map(rows -> Rows.gateway(rows.iterator().next()));
    }

    /** Intent of a new life in {@code CREATING}, at a place that may be another one; from {@code REMOVING} or {@code CREATING} only. */
    public Uni<Optional<Gateway>> beginLife(Gateway from, PoolMember member, LifeId life, SecretHash bootToken) {
        return pool.preparedQuery(
                        """
                        update gateway set state = 'CREATING', state_since = $3, slot = $4, name = $5, http_port = $6,
                            vpn_port = $7, life = $8, boot_token_hash = $9, container_id = null, host = null, reason = null
                        where id = $1 and life = $2 and state in ('CREATING', 'REMOVING')
                        returning
                        """
                                + COLUMNS)
                .execute(Tuple.from(List.of(
                        from.id().value(),
                        from.life().value(),
                        Rows.now(clock),
                        member.slot(),
                        member.name(),
                        member.httpPort(),
                        member.vpnPort(),
                        life.value(),
                        bootToken.bytes())))
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

    /** Moves the gateway when it still is in the state (and life) that it was seen in. */
    public Uni<Boolean> move(Gateway seen, GatewayState to, String reason) {
        return pool.preparedQuery(
                        """
                        update gateway set state = $4, state_since = $5, reason = $6
                        where id = $1 and life = $2 and state = $3
                        """)
                .execute(Tuple.of(
                        seen.id().value(),
                        seen.life().value(),
                        seen.state().name().name(),
                        to.name().name(),
                        Rows.timestamp(to.since()),
                        reason))
                .map(updated -> updated.rowCount() == 1);
    }

    /** Says why a gateway stays where it is. */
    public Uni<Void> explain(Gateway gateway, String reason) {
        return pool.preparedQuery("update gateway set reason = $3 where id = $1 and life = $2")
                .execute(Tuple.of(gateway.id().value(), gateway.life().value(), reason))
                .replaceWithVoid();
    }

    /** Takes a member out of the pool whose container is gone; from {@code REMOVING} or {@code CREATING} only. */
    public Uni<Void> delete(Gateway gateway) {
        return pool.preparedQuery(
                        "delete from gateway where id = $1 and life = $2 and state in ('CREATING', 'REMOVING')")
                .execute(Tuple.of(gateway.id().value(), gateway.life().value()))
                .replaceWithVoid();
    }

    /** Members that operators asked for beyond the configured size. */
    public Uni<Integer> addedMembers() {
        return Uni.createFrom().item(0);
    }

    /** Adds to them unless that exceeds the limit; tells whether it did. */
    public Uni<Boolean> addMembers(int count, int limit) {
        return Uni.createFrom().item(false);
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
