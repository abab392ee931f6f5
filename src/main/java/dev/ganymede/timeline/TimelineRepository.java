package dev.ganymede.timeline;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;

/** Entries in PostgreSQL: written in batches, removed in chunks. */
@ApplicationScoped
class TimelineRepository {

    // Entries of organizations that are gone are left out; the lock keeps the others until the row stands.
    private static final String INSERT =
            """
            with living as materialized (
                select id from organization where id = any($1) order by id for key share
            )
            insert into timeline (organization_id, generation, gateway_id, stage, at, duration_micros, failure)
            select organization_id, generation, gateway_id, stage, at, duration_micros, failure
            from unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::text[], $5::timestamptz[], $6::bigint[], $7::text[])
                with ordinality as e (organization_id, generation, gateway_id, stage, at, duration_micros, failure, nth)
            where organization_id in (select id from living)
            order by nth
            """;

    private static final String DELETE_BEFORE =
            "delete from timeline where id in (select id from timeline where at < $1 order by at limit $2)";

    private static final String DELETE_SURPLUS =
            """
            with visited as (
                select id from organization where id > $1 order by id limit $2
            ), surplus as (
                select ranked.id from visited cross join lateral (
                    select id, generation is null as event,
                        row_number() over (partition by generation is null order by id desc) as nth
                    from timeline where organization_id = visited.id
                ) ranked
                where nth > case when event then $3::int / 5 else $3::int - $3::int / 5 end
                limit $4
            ), gone as (
                delete from timeline using surplus where timeline.id = surplus.id returning 1
            )
            select (select count(*)::int from gone) as deleted, (select count(*)::int from visited) as visited,
                (select id from visited order by id desc limit 1) as last
            """;

    /**
     * A look at some organizations, one after the other by id.
     *
     * @param last the last one that was looked at; null: none came after the given one
     */
    record Visit(int deleted, int visited, UUID last) {}

    private final Pool pool;

    TimelineRepository(Pool pool) {
        this.pool = pool;
    }

    /** Appends the entries in their order, but for those of organizations that do not exist any more. */
    Uni<Void> append(List<TimelineEntry> entries) {
        Tuple columns = Tuple.from(List.of(
                column(entries, UUID[]::new, entry -> entry.organization().value()),
                column(entries, Long[]::new, entry -> entry.generation()
                        .map(generation -> generation.value())
                        .orElse(null)),
                column(entries, UUID[]::new, entry -> entry.gateway()
                        .map(gateway -> gateway.value())
                        .orElse(null)),
                column(entries, String[]::new, TimelineEntry::stage),
                column(entries, OffsetDateTime[]::new, entry -> timestamp(entry.at())),
                column(entries, Long[]::new, entry -> entry.duration()
                        .map(TimelineRepository::micros)
                        .orElse(null)),
                column(entries, String[]::new, entry -> entry.failure().orElse(null))));
        return pool.preparedQuery(INSERT).execute(columns).replaceWithVoid();
    }

    /** Removes at most so many entries that are older; tells how many it were. */
    Uni<Integer> deleteBefore(Instant time, int limit) {
        return pool.preparedQuery(DELETE_BEFORE)
                .execute(Tuple.of(timestamp(time), limit))
                .map(deleted -> deleted.rowCount());
    }

    /** Removes at most {@code limit} entries beyond the newest {@code keep} of each of the next organizations by id. */
    Uni<Visit> deleteSurplus(UUID after, int organizations, int keep, int limit) {
        return pool.preparedQuery(DELETE_SURPLUS)
                .execute(Tuple.of(after, organizations, keep, limit))
                .map(rows -> rows.iterator().next())
                .map(row -> new Visit(row.getInteger("deleted"), row.getInteger("visited"), row.getUUID("last")));
    }

    private static <T> T[] column(
            List<TimelineEntry> entries, IntFunction<T[]> array, Function<TimelineEntry, T> value) {
        return entries.stream().map(value).toArray(array);
    }

    private static long micros(Duration duration) {
        return duration.toNanos() / 1_000;
    }

    private static OffsetDateTime timestamp(Instant time) {
        return time.truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
    }
}
