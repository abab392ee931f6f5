package dev.ganymede.app;

import io.quarkus.reactive.pg.client.PgPoolCreator;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnectOptions;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The pool of connections, with the limits that Quarkus has no settings for: how long anybody waits for one, and how long a statement may take; and that commits wait for the disk. */
@Singleton
class DatabasePool implements PgPoolCreator {

    private final Duration wait;
    private final Duration statementTimeout;

    DatabasePool(
            @ConfigProperty(name = "ganymede.database.connection-wait") Duration wait,
            @ConfigProperty(name = "ganymede.database.statement-timeout") Duration statementTimeout) {
        this.wait = wait;
        this.statementTimeout = statementTimeout;
    }

    @Override
    public Pool create(Input input) {
        return PgBuilder.pool()
                .with(input.poolOptions()
                        .setConnectionTimeout(Math.toIntExact(wait.toMillis()))
                        .setConnectionTimeoutUnit(TimeUnit.MILLISECONDS))
                .connectingTo(
                        input.pgConnectOptionsList().stream().map(this::limited).toList())
                .using(input.vertx())
                .build();
    }

    /** PostgreSQL ends what takes too long, and a transaction that was forgotten; its locks go with it. */
    private SqlConnectOptions limited(PgConnectOptions options) {
        String millis = Long.toString(statementTimeout.toMillis());
        return options.addProperty("statement_timeout", millis)
                // what is answered is on disk, whatever the database's own default
                .addProperty("synchronous_commit", "on")
                .addProperty("idle_in_transaction_session_timeout", millis);
    }
}
