package dev.ganymede.snapshot;

import dev.ganymede.access.BearerToken;
import dev.ganymede.problem.Problem;
import dev.ganymede.problem.ProblemType;
import dev.ganymede.secret.SecretHash;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;

/** Lets pushes in by their headers alone. */
@ApplicationScoped
public class PushAdmission {

    // the order of the tickets is the order of arrival, whichever process a push comes to
    private static final String ARRIVE =
            """
            select nextval('push_arrival') as ticket, a.state = 'ENDED' as ended, a.generation, s.quota_bytes
            from allocation a left join snapshot_series s on s.organization_id = a.organization_id
            where a.gateway_token_hash = $1
            """;

    private final Pool pool;
    private final SnapshotConfig config;

    PushAdmission(Pool pool, SnapshotConfig config) {
        this.pool = pool;
        this.config = config;
    }

    /** Fails with a {@link Problem}: nobody knows the token, or its allocation has ended. */
    public Uni<Arrival> arrive(SecretHash gatewayToken) {
        return pool.preparedQuery(ARRIVE)
                .execute(Tuple.of(gatewayToken.bytes()))
                .map(rows -> {
                    if (rows.size() == 0) {
                        throw BearerToken.refused();
                    }
                    Row row = rows.iterator().next();
                    if (row.getBoolean("ended")) {
                        throw Problem.of(
                                ProblemType.STALE_GENERATION,
                                "Generation " + row.getLong("generation") + " is not live any more.");
                    }
                    Long quotaBytes = row.getLong("quota_bytes");
                    return Arrival.now(
                            row.getLong("ticket"),
                            config.pushTimeout(),
                            quotaBytes == null ? config.quotaBytes() : quotaBytes);
                });
    }
}
