package dev.ganymede.snapshot;

import dev.ganymede.id.OrganizationId;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** What a pull reads first, in one statement: the live allocation, the head and what it is made of. */
@ApplicationScoped
class PullStatement {

    // Merging what was rescued before a restore would undo it: it is not offered.
    //
    // While it serves, a pull is a sign of life. That the gateway's data includes all restores so far is only written
    // when it is news: during most handshakes nothing
    // is. Both are one update, since a statement may change a row once.
    private static final String PULL =
            """
            with live as (
                select a.id, a.organization_id, coalesce(s.lineage, 0) as lineage, s.head_version
                from allocation a left join snapshot_series s on s.organization_id = a.organization_id
                where a.gateway_token_hash = $1 and a.organization_id = $2 and a.gateway_id = $3 and a.state <> 'ENDED'
            ), alive as (
                update allocation a set lineage = live.lineage,
                    silent_at = case when a.state = 'SERVING' then $4::timestamptz end
                from live
                where a.id = live.id and a.state <> 'ENDED'
                  and (a.state = 'SERVING' or coalesce(a.lineage, 0) <> live.lineage)
            )
            select live.organization_id as owner, live.lineage, live.head_version, array(
                    select version from snapshot r
                    where r.organization_id = live.organization_id and r.kind = 'RESCUE' and r.merged_at is null
                      and r.lineage = live.lineage
                    order by version limit 100) as recoverable,
                %s
            from live
            left join snapshot v on v.organization_id = live.organization_id and v.version = live.head_version
            %s
            order by p.position
            """
                    .formatted(Manifests.COLUMNS, Manifests.PARTS);

    // One that is asked for by its number is not what the gateway serves afterwards.
    private static final String PULL_VERSION =
            """
            with live as (
                select a.id, a.organization_id, coalesce(s.lineage, 0) as lineage, s.head_version
                from allocation a left join snapshot_series s on s.organization_id = a.organization_id
                where a.gateway_token_hash = $1 and a.organization_id = $2 and a.gateway_id = $3 and a.state <> 'ENDED'
            )
            select live.lineage, array[]::bigint[] as recoverable, %s
            from live
            left join snapshot v on v.organization_id = live.organization_id and v.version = $4
                and (v.kind = 'RESCUE' or v.version = live.head_version)
            %s
            order by p.position
            """
                    .formatted(Manifests.COLUMNS, Manifests.PARTS);

    private final Pool pool;
    private final Clock clock;
    private final Duration silenceTimeout;

    PullStatement(
            Pool pool,
            Clock clock,
            @ConfigProperty(name = "ganymede.allocation.silence-timeout") Duration silenceTimeout) {
        this.pool = pool;
        this.clock = clock;
        this.silenceTimeout = silenceTimeout;
    }

    /**
     * How the data stood at that moment.
     *
     * @param lineage counts restores
     * @param recoverable versions of that lineage that gateways could not push, and nobody has merged yet
     * @param version empty: there is none, and there never was
     */
    record Standing(long lineage, List<Long> recoverable, Optional<Version> version) {}

    /** The head. Empty: the claim is not (or no more) good. */
    Uni<Optional<Standing>> head(Claim claim) {
        return pool.preparedQuery(PULL)
                .execute(Tuple.of(
                        claim.gatewayToken().bytes(),
                        claim.organization().value(),
                        claim.gateway().value(),
                        Times.timestamp(clock.instant().plus(silenceTimeout))))
                .map(rows -> standing(rows).map(standing -> withHead(standing, rows)));
    }

    /** A head that is not there is damage: whoever got nothing instead would become the head with it. */
    private static Standing withHead(Standing standing, RowSet<Row> rows) {
        Row first = rows.iterator().next();
        Optional<Version> head = standing.version().or(() -> Optional.ofNullable(first.getLong("head_version"))
                .map(number -> Version.lost(new OrganizationId(first.getUUID("owner")), number, standing.lineage())));
        return new Standing(standing.lineage(), standing.recoverable(), head);
    }

    /** One version: the head, or one of those that are recoverable. Empty: the claim is not (or no more) good. */
    Uni<Optional<Standing>> version(Claim claim, long number) {
        return pool.preparedQuery(PULL_VERSION)
                .execute(Tuple.of(
                        claim.gatewayToken().bytes(),
                        claim.organization().value(),
                        claim.gateway().value(),
                        number))
                .map(PullStatement::standing);
    }

    private static Optional<Standing> standing(RowSet<Row> rows) {
        if (rows.size() == 0) {
            return Optional.empty();
        }
        Row first = rows.iterator().next();
        return Optional.of(new Standing(
                first.getLong("lineage"), List.of(first.getArrayOfLongs("recoverable")), Manifests.version(rows)));
    }
}
