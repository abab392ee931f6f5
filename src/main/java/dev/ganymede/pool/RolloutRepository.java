package dev.ganymede.pool;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.Optional;

/** Rollouts in PostgreSQL. A unique index lets one run at a time, whoever begins it. */
@ApplicationScoped
class RolloutRepository {

    private final Pool pool;
    private final Clock clock;

    RolloutRepository(Pool pool, Clock clock) {
        this.pool = pool;
        this.clock = clock;
    }

    Uni<Optional<Rollout>> newest() {
        return pool.preparedQuery("select * from rollout order by id desc limit 1")
                .execute()
                .map(RolloutRepository::first);
    }

    /** Begins one; empty when another one is running. What it may go back to is the image of the last one that was completed. */
    Uni<Optional<Rollout>> begin(String image, String imageId) {
        return pool.preparedQuery(
                        """
                        insert into rollout (image, image_id, previous_image_id, state, began_at)
                        select $1, $2, (select image_id from rollout where state = 'COMPLETED' order by id desc limit 1),
                            'RUNNING', $3
                        on conflict ((true)) where state = 'RUNNING' do nothing
                        returning *
                        """)
                .execute(Tuple.of(image, imageId, Timestamps.of(clock.instant())))
                .map(RolloutRepository::first);
    }

    /** Ends it; false when it had ended already. */
    Uni<Boolean> end(Rollout rollout, Rollout.Verdict verdict) {
        return pool.preparedQuery(
                        "update rollout set state = $2, reason = $3, ended_at = $4 where id = $1 and state = 'RUNNING'")
                .execute(Tuple.of(
                        rollout.id(),
                        verdict.state().name(),
                        verdict.reason().orElse(null),
                        Timestamps.of(clock.instant())))
                .map(updated -> updated.rowCount() == 1);
    }

    private static Optional<Rollout> first(RowSet<Row> rows) {
        return rows.size() == 0
                ? Optional.empty()
                : Optional.of(rollout(rows.iterator().next()));
    }

    private static Rollout rollout(Row row) {
        return new Rollout(
                row.getLong("id"),
                row.getString("image"),
                row.getString("image_id"),
                Optional.ofNullable(row.getString("previous_image_id")),
                Rollout.State.valueOf(row.getString("state")),
                Optional.ofNullable(row.getString("reason")),
                row.getInteger("setbacks"),
                Timestamps.find(row, "began_at").orElseThrow(),
                Timestamps.find(row, "ended_at"));
    }
}
