package dev.ganymede.gateway;

import dev.ganymede.id.OrganizationId;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.Optional;

/**
 * The order to replace the gateway of an organization, as a part of somebody else's transaction: both are committed or none. Until then the organization's allocation
 * is locked, so that no push comes in between.
 */
public final class Replacement {

    private static final String LOCK =
            """
            select a.gateway_id, g.name, a.gateway_token_hash is not null as redeemed
            from allocation a left join gateway g on g.id = a.gateway_id
            where a.organization_id = $1 and a.state <> 'ENDED'
            for no key update of a
            """;

    private static final String ORDER = "update gateway set recycle = true where id = $1";

    private Replacement() {}

    /**
     * Its name. Empty: there is none, or it has not redeemed its handshake token yet, and loads the data later than this.
     */
    public static Uni<Optional<String>> order(SqlConnection connection, OrganizationId organization) {
        return connection
                .preparedQuery(LOCK)
                .execute(Tuple.of(organization.value()))
                .chain(rows -> {
                    Row live = rows.size() == 0 ? null : rows.iterator().next();
                    return live == null || !live.getBoolean("redeemed")
                            ? Uni.createFrom().item(Optional.<String>empty())
                            : connection
                                    .preparedQuery(ORDER)
                                    .execute(Tuple.of(live.getUUID("gateway_id")))
                                    .replaceWith(Optional.ofNullable(live.getString("name")));
                });
    }
}
