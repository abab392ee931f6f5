package dev.ganymede.snapshot;

import dev.ganymede.world.FixedClock;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** A process that does nothing but the upkeep of the store behind that port, share after share, from when it is told the time until it is killed. PostgreSQL knows it by its name. */
final class UpkeepProcess {

    /** What it says when it waits for the time. */
    static final String READY = "ready";

    private UpkeepProcess() {}

    public static void main(String[] arguments) throws IOException {
        BufferedReader parent = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        Pool pool = StoreDatabase.pool(Vertx.vertx(), Integer.parseInt(arguments[0]), arguments[1]);
        pool.query("select 1").executeAndAwait();
        System.out.println(READY);
        SnapshotUpkeep upkeep = StoreWorld.upkeep(pool, new FixedClock(Instant.parse(parent.readLine())));
        Thread work = new Thread(() -> {
            while (true) {
                StoreWorld.await(upkeep.run());
            }
        });
        work.setDaemon(true);
        work.start();
        // whose parent is gone goes too
        while (parent.readLine() != null) {
            continue;
        }
        System.exit(0);
    }
}
