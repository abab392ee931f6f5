package dev.ganymede.bench.dns;

import dev.ganymede.dns.DnsZone;
import dev.ganymede.dns.powerdns.OwnZone;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** The PowerDNS that is measured; a zone of its own for each thing that is. */
final class Server implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String url;
    private final String key;

    Server(String url, String key) {
        this.url = url;
        this.key = key;
    }

    /** An empty zone in Ganymede's hands. */
    DnsZone zone(String domain) {
        DnsZone zone = OwnZone.open(vertx, domain, URI.create(url), key);
        get(zone.ensure());
        return zone;
    }

    void remove(String domain) {
        check(send(domain, "DELETE", "").join());
    }

    /** As anybody would ask for it. */
    CompletableFuture<Void> patch(String domain, String body) {
        return send(domain, "PATCH", body).thenAccept(Server::check);
    }

    private CompletableFuture<HttpResponse<String>> send(String domain, String method, String body) {
        URI zone = URI.create(url + "/api/v1/servers/localhost/zones/" + domain + ".");
        return http.sendAsync(
                HttpRequest.newBuilder(zone)
                        .header("X-API-Key", key)
                        .method(method, BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private static void check(HttpResponse<String> answer) {
        if (answer.statusCode() != 204) {
            throw new IllegalStateException("PowerDNS answered " + answer.statusCode() + ": " + answer.body());
        }
    }

    static <T> T get(Uni<T> work) {
        return work.await().atMost(PATIENCE);
    }

    @Override
    public void close() {
        vertx.closeAndAwait();
    }
}
