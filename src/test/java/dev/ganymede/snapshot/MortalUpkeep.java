package dev.ganymede.snapshot;

import io.smallrye.mutiny.TimeoutException;
import io.vertx.mutiny.sqlclient.Pool;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/** The upkeep in a process of its own that is disturbed while it does one share of its work, at a moment that a test chooses. */
final class MortalUpkeep implements Closeable {

    /** What happens at a message to the database. */
    enum Death {
        /** The process is killed before the message leaves it. */
        PROCESS,
        /** The database does what the message says, and the connection is lost with its answer; the process lives on. */
        ANSWER,
        /** PostgreSQL's process behind the connection is ended, between two messages. */
        BACKEND
    }

    /** What happens to a row, and when somebody notices. */
    record RowMoment(String event, String table, String when) {

        private static final List<String> EVENTS = List.of(
                "update snapshot_series",
                "update blob",
                "delete snapshot",
                "delete snapshot_part",
                "delete blob",
                "delete blob_chunk");

        /** In the middle of the statement, and in the middle of its commit. */
        static List<RowMoment> all() {
            return EVENTS.stream()
                    .map(event -> event.split(" "))
                    .flatMap(event -> List.of("initially immediate", "initially deferred").stream()
                            .map(when -> new RowMoment(event[0], event[1], when)))
                    .toList();
        }
    }

    private final StoreWorld world;
    private final CuttingProxy proxy;

    MortalUpkeep(StoreWorld world) throws IOException {
        this.world = world;
        this.proxy = new CuttingProxy(world.database.port());
    }

    /** False: it was done before. */
    boolean dieAt(int message, Death death) {
        switch (death) {
            case PROCESS -> proxy.dieAt(message);
            case ANSWER -> proxy.cutAt(message, CuttingProxy.Cut.AFTER);
            case BACKEND -> proxy.doAt(message, this::endBackends);
        }
        run();
        return !proxy.disarm();
    }

    private void endBackends() {
        world.sql.column("select pg_terminate_backend(pid, 10000) from pg_stat_activity where application_name = '"
                + StoreDatabase.name(proxy.port()) + "'");
    }

    /** PostgreSQL's process ends at the n-th such row. False: there were not so many. */
    boolean dieAtRow(int row, RowMoment moment) {
        world.execute(
                """
                create sequence rows_passed;
                create function die() returns trigger language plpgsql as $$ begin
                    if nextval('rows_passed') = %d then
                        perform pg_terminate_backend(pg_backend_pid());
                        perform pg_sleep(60);
                    end if;
                    return null;
                end $$;
                create constraint trigger die after %s on %s deferrable %s for each row execute function die()"""
                        .formatted(row, moment.event(), moment.table(), moment.when()));
        try {
            run();
            return Long.parseLong(world.sql.value("select coalesce(pg_sequence_last_value('rows_passed'), 0)")) >= row;
        } finally {
            world.execute("drop function die cascade; drop sequence rows_passed");
        }
    }

    /** It ends, well or not. */
    private void run() {
        Pool pool = world.database.pool(proxy.port());
        try {
            StoreWorld.await(StoreWorld.upkeep(pool, world.clock).run());
        } catch (TimeoutException hanging) {
            throw hanging;
        } catch (RuntimeException disturbed) {
            // what is left to do is left to the next
        } finally {
            pool.closeAndAwait();
            world.database.awaitGone(StoreDatabase.name(proxy.port()));
        }
    }

    @Override
    public void close() throws IOException {
        proxy.close();
    }
}
