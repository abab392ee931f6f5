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
        PgConnectOptions options = new PgConnectOptions()
                .setHost("localhost")
                .setPort(port)
                .setDatabase("postgres")
                .setUser("postgres")
                .setPassword("postgres")
                .setCachePreparedStatements(true)
                .addProperty("application_name", "behind-" + port);
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
