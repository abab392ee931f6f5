package dev.ganymede.snapshot;

import dev.ganymede.world.Sql;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.PoolOptions;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.flywaydb.core.Flyway;

/** A real PostgreSQL with Ganymede's tables, and pools of connections to it; without Quarkus. */
final class StoreDatabase implements AutoCloseable {

    private final EmbeddedPostgres postgres;
    private final Vertx vertx = Vertx.vertx();

    StoreDatabase() {
        try {
            postgres = EmbeddedPostgres.builder().start();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        Flyway.configure().dataSource(postgres.getPostgresDatabase()).load().migrate();
    }

    int port() {
        return postgres.getPort();
    }

    Sql sql() {
        return new Sql(postgres.getPostgresDatabase());
    }

    /** For a transaction that stays open while others run. */
    Connection connection() throws SQLException {
        Connection connection = postgres.getPostgresDatabase().getConnection();
        connection.setAutoCommit(false);
        return connection;
    }

    Pool pool() {
        return pool(port());
    }

    /** Through that port, behind which there may be somebody who disturbs. */
    Pool pool(int port) {
        return pool(vertx, port, name(port));
    }

    /** Nobody of that name is left: what arrived of his is done, or undone. */
    void awaitGone(String name) {
        Awaitility.await()
                .atMost(StoreWorld.PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> sql().column("select 1 from pg_stat_activity where application_name = '" + name + "'")
                        .isEmpty());
    }

    /** What PostgreSQL calls whoever comes through that port. */
    static String name(int port) {
        return "behind-" + port;
    }

    static Pool pool(Vertx vertx, int port, String name) {
        PgConnectOptions options = new PgConnectOptions()
                .setHost("localhost")
                .setPort(port)
                .setDatabase("postgres")
                .setUser("postgres")
                .setPassword("postgres")
                .setCachePreparedStatements(true)
                .addProperty("application_name", name);
        return Pool.newInstance(PgBuilder.pool()
                .with(new PoolOptions().setMaxSize(4))
                .connectingTo(options)
                .using(vertx)
                .build());
    }

    @Override
    public void close() throws IOException {
        vertx.close().toCompletionStage().toCompletableFuture().join();
        postgres.close();
    }
}
