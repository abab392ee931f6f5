package dev.ganymede.pool;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;

/** The pool's settings in PostgreSQL: what operators have not changed is as configured. Each change is one statement. */
@ApplicationScoped
class PoolSettingsRepository {

    private final Pool pool;
    private final PoolConfig config;
    private final Clock clock;

    PoolSettingsRepository(Pool pool, PoolConfig config, Clock clock) {
        this.pool = pool;
        this.config = config;
        this.clock = clock;
    }

    Uni<PoolSettings> get() {
        return pool.preparedQuery("select s.*, (select count(*)::int from revival) as queued from pool_settings s")
                .execute()
                .map(rows -> settings(rows.iterator().next()));
    }

    /** Changes what is given; false, and nothing is changed, when min would exceed max. */
    Uni<Boolean> resize(Resize resize) {
        return pool.preparedQuery(
                        """
                        update pool_settings set
                            buffer = coalesce($1, buffer), min_size = coalesce($2, min_size), max_size = coalesce($3, max_size)
                        where ($2::int is null and $3::int is null)
                           or coalesce($2, min_size, $4) <= coalesce($3, max_size, $5)
                        """)
                .execute(Tuple.of(
                        resize.buffer().orElse(null),
                        resize.min().orElse(null),
                        resize.max().orElse(null),
                        config.min(),
                        config.max()))
                .map(updated -> updated.rowCount() == 1);
    }

    /** Raises the least size by so many members; false, and nothing is changed, when that would exceed the greatest. */
    Uni<Boolean> grow(int count) {
        // computed from the row itself, so that of two at the same time the second adds to the first
        return pool.preparedQuery(
                        """
                        update pool_settings
                        set min_size = greatest(coalesce(min_size, $2), (select count(*)::int from gateway)) + $1
                        where greatest(coalesce(min_size, $2), (select count(*)::int from gateway)) + $1
                            <= coalesce(max_size, $3)
                        """)
                .execute(Tuple.of(count, config.min(), config.max()))
                .map(updated -> updated.rowCount() == 1);
    }

    /** Paused already: since when stays, the reason is the new one. */
    Uni<Void> pause(Optional<String> reason) {
        return pool.preparedQuery("update pool_settings set paused_at = coalesce(paused_at, $1), paused_reason = $2")
                .execute(Tuple.of(Timestamps.of(clock.instant()), reason.orElse(null)))
                .replaceWithVoid();
    }

    Uni<Void> resume() {
        return pool.preparedQuery("update pool_settings set paused_at = null, paused_reason = null")
                .execute()
                .replaceWithVoid();
    }

    /** The cool-down begins or is over; whoever saw something older changes nothing. */
    Uni<Void> surplusSince(Optional<Instant> seen, Optional<Instant> since) {
        return pool.preparedQuery(
                        "update pool_settings set surplus_since = $2 where surplus_since is not distinct from $1")
                .execute(Tuple.of(
                        seen.map(Timestamps::of).orElse(null),
                        since.map(Timestamps::of).orElse(null)))
                .replaceWithVoid();
    }

    private PoolSettings settings(Row row) {
        return new PoolSettings(
                new PoolSize(
                        or(row.getInteger("buffer"), config.buffer()),
                        or(row.getInteger("min_size"), config.min()),
                        or(row.getInteger("max_size"), config.max())),
                Timestamps.find(row, "paused_at")
                        .map(since ->
                                new PoolSettings.Pause(since, Optional.ofNullable(row.getString("paused_reason")))),
                Timestamps.find(row, "surplus_since"),
                row.getInteger("queued"));
    }

    private static int or(Integer changed, int configured) {
        return changed == null ? configured : changed;
    }
}
