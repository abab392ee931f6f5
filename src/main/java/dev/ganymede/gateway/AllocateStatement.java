package dev.ganymede.gateway;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Takes a ready gateway, or joins, in one statement that is its own transaction: the usual start makes one way to the database instead of five.
 *
 * <p>It sees everything as of its beginning, also what it waited for in the meantime. So it takes and joins, but what it did not find proves nothing: that there is
 * no gateway, no organization, or that others are ahead in the queue is for {@link AllocateTransaction} to say, which looks again after it has waited. Two that
 * take for one organization stand in line first, and the second one runs into {@code allocation_live_organization} (invariant 1), with its gateway given back.
 */
final class AllocateStatement {

    private static final String TAKE_OR_JOIN =
            """
            with asked as materialized (
                select not exists (%4$s) as in_turn from organization where id = $1 for no key update
            ), live as (
                select %1$s from allocation a left join gateway g on g.id = a.gateway_id
                where a.organization_id = $1 and a.state <> 'ENDED'
            ), picked as (
                select id, host, http_port from gateway
                where %2$s and (select in_turn from asked) and not exists (select 1 from live)
                order by state_since, slot
                limit 1
                for update skip locked
            ), %3$s
            select true as is_taken, exists (%5$s) as queued, %1$s from a join taken g on g.id = a.gateway_id
            union all
            select false, false, live.* from live
            """
                    .formatted(
                            AllocationRepository.COLUMNS,
                            AllocateTransaction.TAKEABLE,
                            AllocateTransaction.TAKING,
                            AllocateTransaction.AHEAD,
                            AllocateTransaction.QUEUED);

    private final Pool pool;
    private final Clock clock;
    private final ProcessMark mark;

    AllocateStatement(Pool pool, Clock clock, ProcessMark mark) {
        this.pool = pool;
        this.clock = clock;
        this.mark = mark;
    }

    /** Empty: undecided, and nothing was changed. */
    Uni<Optional<AllocateResult>> run(AllocateTransaction.Request request) {
        return pool.preparedQuery(TAKE_OR_JOIN)
                .execute(Tuple.from(List.of(
                        request.organization().value(),
                        Rows.now(clock),
                        UUID.randomUUID(),
                        request.handshakeToken().bytes(),
                        Rows.timestamp(request.handshakeExpiresAt()),
                        mark.number())))
                .map(AllocateStatement::result)
                .onFailure(AllocationRepository::isConflict)
                .recoverWithItem(Optional.empty());
    }

    private static Optional<AllocateResult> result(RowSet<Row> rows) {
        if (rows.size() == 0) {
            return Optional.empty();
        }
        Row row = rows.iterator().next();
        Allocation allocation = Rows.allocation(row);
        return Optional.of(
                row.getBoolean("is_taken")
                        ? new AllocateResult.Taken(allocation, row.getBoolean("queued"))
                        : new AllocateResult.Joined(allocation));
    }
}
