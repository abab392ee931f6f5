package dev.ganymede.timeline;

import dev.ganymede.gateway.AllocationState;
import dev.ganymede.gateway.EndReason;
import dev.ganymede.gateway.Revival;
import dev.ganymede.id.GatewayId;
import dev.ganymede.id.Generation;
import dev.ganymede.id.OrganizationId;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads an organization's history: what the verdict needs in one statement, the lines of the timeline in a second one. */
@ApplicationScoped
class HistoryRepository {

    private static final int MAX_ENTRIES = 2_000;

    // One row per tenancy, newest first, or one without; queue and pool stand in each.
    private static final String SITUATION =
            """
            select o.id as organization_id,
                r.queued_at, r.not_before, r.reason as queued_reason, coalesce(r.attempts, 0) as attempts, r.last_failure,
                (select count(*)::int from revival e where e.queued_at < r.queued_at) as ahead,
                p.members, p.ready, p.creating, p.trouble,
                exists (select 1 from pool_settings where paused_at is not null) as paused,
                a.generation, a.gateway_id, a.state, a.started_at, a.handshake_expires_at, a.serving_at, a.ended_at,
                a.ended_reason, g.name as gateway_name
            from organization o
            left join revival r on r.organization_id = o.id
            cross join lateral (
                select count(*)::int as members,
                    (count(*) filter (where state = 'READY' and host is not null and not cordoned and not recycle))::int
                        as ready,
                    (count(*) filter (where state in ('CREATING', 'STARTING', 'REMOVING', 'UNHEALTHY')))::int as creating,
                    (array_agg(reason order by state_since desc)
                        filter (where reason is not null and (state in ('CREATING', 'UNHEALTHY') or failures > 0)
                            and state not in ('READY', 'ALLOCATED')))[1] as trouble
                from gateway
            ) p
            left join lateral (
                select * from allocation where organization_id = o.id order by generation desc limit $2
            ) a on true
            left join gateway g on g.id = a.gateway_id
            where o.id = $1
            order by a.generation desc
            """;

    private static final String ENTRIES =
            """
            select generation, gateway_id, stage, at, duration_micros, failure from timeline
            where organization_id = $1 and (generation is null or generation >= $2)
            order by id desc limit $3
            """;

    private final Pool pool;

    HistoryRepository(Pool pool) {
        this.pool = pool;
    }

    /** The newest tenancies and events, so many of each at most; empty: there is no such organization. */
    Uni<Optional<History>> find(OrganizationId organization, int limit) {
        return pool.preparedQuery(SITUATION)
                .execute(Tuple.of(organization.value(), limit))
                .chain(rows -> rows.size() == 0
                        ? Uni.createFrom().item(Optional.empty())
                        : entries(organization, oldestGeneration(rows))
                                .map(entries -> Optional.of(history(rows, entries, limit))));
    }

    private Uni<List<TimelineEntry>> entries(OrganizationId organization, long fromGeneration) {
        return pool.preparedQuery(ENTRIES)
                .execute(Tuple.of(organization.value(), fromGeneration, MAX_ENTRIES))
                .map(rows -> {
                    List<TimelineEntry> entries = new ArrayList<>(rows.size());
                    rows.forEach(row -> entries.add(entry(organization, row)));
                    return entries;
                });
    }

    private static long oldestGeneration(RowSet<Row> rows) {
        long oldest = Long.MAX_VALUE;
        for (Row row : rows) {
            oldest = row.getLong("generation") == null ? oldest : row.getLong("generation");
        }
        return oldest;
    }

    private static History history(RowSet<Row> rows, List<TimelineEntry> newestFirst, int limit) {
        Row first = rows.iterator().next();
        List<TenancyHistory> tenancies = new ArrayList<>();
        for (Row row : rows) {
            if (row.getLong("generation") != null) {
                tenancies.add(tenancy(row, newestFirst));
            }
        }
        return new History(
                queued(first),
                new History.PoolGlance(
                        first.getInteger("members"),
                        first.getInteger("ready"),
                        first.getInteger("creating"),
                        first.getBoolean("paused"),
                        Optional.ofNullable(first.getString("trouble"))),
                tenancies,
                newestFirst.stream()
                        .filter(entry -> entry.generation().isEmpty())
                        .limit(limit)
                        .toList());
    }

    private static Optional<History.Queued> queued(Row row) {
        return instant(row, "queued_at")
                .map(since -> new History.Queued(
                        new Revival(
                                new OrganizationId(row.getUUID("organization_id")),
                                since,
                                instant(row, "not_before").orElseThrow(),
                                EndReason.valueOf(row.getString("queued_reason")),
                                row.getInteger("attempts"),
                                Optional.ofNullable(row.getString("last_failure"))),
                        row.getInteger("ahead")));
    }

    private static TenancyHistory tenancy(Row row, List<TimelineEntry> newestFirst) {
        Generation generation = new Generation(row.getLong("generation"));
        List<TimelineEntry> stages = new ArrayList<>();
        newestFirst.stream()
                .filter(entry -> entry.generation().equals(Optional.of(generation)))
                .forEach(entry -> stages.add(0, entry));
        return new TenancyHistory(
                generation,
                new GatewayId(row.getUUID("gateway_id")),
                Optional.ofNullable(row.getString("gateway_name")),
                AllocationState.Name.valueOf(row.getString("state")),
                instant(row, "started_at").orElseThrow(),
                instant(row, "handshake_expires_at").orElseThrow(),
                instant(row, "serving_at"),
                instant(row, "ended_at"),
                Optional.ofNullable(row.getString("ended_reason")).map(EndReason::valueOf),
                stages);
    }

    private static TimelineEntry entry(OrganizationId organization, Row row) {
        return new TimelineEntry(
                organization,
                Optional.ofNullable(row.getLong("generation")).map(Generation::new),
                Optional.ofNullable(row.getUUID("gateway_id")).map(GatewayId::new),
                row.getString("stage"),
                instant(row, "at").orElseThrow(),
                Optional.ofNullable(row.getLong("duration_micros")).map(micros -> Duration.ofNanos(micros * 1_000)),
                Optional.ofNullable(row.getString("failure")));
    }

    private static Optional<Instant> instant(Row row, String column) {
        return Optional.ofNullable(row.getOffsetDateTime(column)).map(OffsetDateTime::toInstant);
    }
}
