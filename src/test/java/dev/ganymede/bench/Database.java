package dev.ganymede.bench;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.concurrent.TimeUnit;

/** One connection by the client that Ganymede uses, waited for. */
final class Database implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 120;

    private final Vertx vertx;
    private final PgConnection connection;

    Database(String url) throws Exception {
        vertx = Vertx.vertx();
        PgConnectOptions options = PgConnectOptions.fromUri(url);
        connection = await(PgConnection.connect(vertx, options.setCachePreparedStatements(true)));
    }

    RowSet<Row> run(String statement, Object... values) throws Exception {
        return await(connection.preparedQuery(statement).execute(Tuple.wrap(values)));
    }

    /** Several statements, or one that can't be prepared. */
    void script(String statements) throws Exception {
        await(connection.query(statements).execute());
    }

    /** PostgreSQL's process that serves this connection. */
    long backendPid() {
        return connection.processId();
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        // with its connections
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
