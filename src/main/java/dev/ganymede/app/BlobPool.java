package dev.ganymede.app;

import dev.ganymede.snapshot.BlobConnections;
import dev.ganymede.snapshot.SnapshotConfig;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.PoolOptions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The small pool that blobs are written on, whose commits do not wait for the disk ({@link BlobConnections} says why that is right). */
class BlobPool {

    @Produces
    @ApplicationScoped
    @BlobConnections
    Pool pool(
            Vertx vertx,
            DatabaseAddress database,
            SnapshotConfig config,
            @ConfigProperty(name = "ganymede.database.connection-wait") Duration wait,
            @ConfigProperty(name = "ganymede.database.statement-timeout") Duration statementTimeout) {
        String millis = Long.toString(statementTimeout.toMillis());
        PgConnectOptions options = database.options()
                .addProperty("application_name", "ganymede-blobs")
                .addProperty("synchronous_commit", "off")
                .addProperty("statement_timeout", millis)
                .addProperty("idle_in_transaction_session_timeout", millis);
        options.setCachePreparedStatements(true);
        return Pool.newInstance(PgBuilder.pool()
                .with(new PoolOptions()
                        .setMaxSize(config.blobConnections())
                        .setConnectionTimeout(Math.toIntExact(wait.toMillis()))
                        .setConnectionTimeoutUnit(TimeUnit.MILLISECONDS))
                .connectingTo(options)
                .using(vertx.getDelegate())
                .build());
    }

    void close(@Disposes @BlobConnections Pool pool) {
        pool.close().subscribe().with(closed -> {}, alreadyGone -> {});
    }
}
