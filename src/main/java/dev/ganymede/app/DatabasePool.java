package dev.ganymede.app;

import io.quarkus.reactive.pg.client.PgPoolCreator;
import io.vertx.pgclient.PgBuilder;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnectOptions;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The pool of connections, with the one limit that Quarkus has no setting for: how long anybody waits for a connection. */
@Singleton
class DatabasePool implements PgPoolCreator {

    private final Duration wait;

    DatabasePool(@ConfigProperty(name = "ganymede.database.connection-wait") Duration wait) {
        this.wait = wait;
    }

    @Override
    public Pool create(Input input) {
        return PgBuilder.pool()
                .with(input.poolOptions()
                        .setConnectionTimeout(Math.toIntExact(wait.toMillis()))
                        .setConnectionTimeoutUnit(TimeUnit.MILLISECONDS))
                .connectingTo(List.<SqlConnectOptions>copyOf(input.pgConnectOptionsList()))
                .using(input.vertx())
                .build();
    }
}
