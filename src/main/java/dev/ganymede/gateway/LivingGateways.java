package dev.ganymede.gateway;

import dev.ganymede.id.AllocationId;
import dev.ganymede.id.GatewayId;
import dev.ganymede.id.LifeId;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What those read who watch over gateways. */
@ApplicationScoped
public class LivingGateways {

    /** Gateways that are ready, or serve; those in a handshake are not among them, since their start watches over them. */
    private static final String LIVING =
            """
            select g.*, a.id as allocation_id, a.organization_id, a.generation, a.state as allocation_state
            from gateway g left join allocation a on a.gateway_id = g.id and a.state = 'SERVING'
            where g.host is not null and (g.state = 'READY' or g.state = 'ALLOCATED' and a.id is not null)
            """;

    private final Pool pool;

    LivingGateways(Pool pool) {
        this.pool = pool;
    }

    /** The next ones behind a place, by node and slot: so many at most. */
    public Uni<List<LivingGateway>> after(Place place, int limit) {
        return pool.preparedQuery(LIVING + " and (g.node, g.slot) > ($1, $2) order by g.node, g.slot limit $3")
                .execute(Tuple.of(place.node(), place.slot(), limit))
                .map(LivingGateways::living);
    }

    /** Those of these that are ready, or serve. */
    public Uni<List<LivingGateway>> of(Collection<GatewayId> gateways) {
        UUID[] ids = gateways.stream().map(GatewayId::value).toArray(UUID[]::new);
        return pool.preparedQuery(LIVING + " and g.id = any($1)")
                .execute(Tuple.tuple().addArrayOfUUID(ids))
                .map(LivingGateways::living);
    }

    /**
     * Where a member stands among all.
     *
     * @param slot may be one below all slots
     */
    public record Place(String node, int slot) {

        /** Before all members. */
        public static final Place FIRST = new Place("", -1);
    }

    /** The live allocation, handshaking or serving, of this life of the gateway; another life's is not its own. */
    public Uni<Optional<AllocationId>> allocationOf(GatewayId gateway, LifeId life) {
        return pool.preparedQuery(
                        """
                        select a.id from allocation a join gateway g on g.id = a.gateway_id
                        where g.id = $1 and g.life = $2 and a.state <> 'ENDED'
                        """)
                .execute(Tuple.of(gateway.value(), life.value()))
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(new AllocationId(rows.iterator().next().getUUID("id"))));
    }

    private static List<LivingGateway> living(RowSet<Row> rows) {
        List<LivingGateway> living = new ArrayList<>(rows.size());
        rows.forEach(row -> living.add(new LivingGateway(
                Rows.gateway(row),
                Optional.ofNullable(row.getUUID("allocation_id")).map(AllocationId::new),
                Rows.tenancy(row))));
        return living;
    }
}
