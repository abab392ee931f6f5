package dev.ganymede.app;

import io.vertx.pgclient.PgConnectOptions;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The service's database, for a connection that is not of the pool. */
@ApplicationScoped
class DatabaseAddress {

    private final String url;
    private final String user;
    private final String password;

    DatabaseAddress(
            @ConfigProperty(name = "quarkus.datasource.reactive.url") String url,
            @ConfigProperty(name = "quarkus.datasource.username") String user,
            @ConfigProperty(name = "quarkus.datasource.password") String password) {
        this.url = url;
        this.user = user;
        this.password = password;
    }

    PgConnectOptions options() {
        return PgConnectOptions.fromUri(url).setUser(user).setPassword(password);
    }
}
