package dev.ganymede.faults;

import com.fasterxml.jackson.databind.node.MissingNode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The edge as the world sees it: public names, and TLS by the environment's authority. */
final class Edge implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient http;
    private final SocketAddress address;
    private final String domain;
    private final int port;

    Edge(Environment environment) {
        PemTrustOptions trust = new PemTrustOptions()
                .addCertPath(environment
                        .path("CERTIFICATE_DIR")
                        .resolve("rootCA.pem")
                        .toString());
        this.http = vertx.createHttpClient(new HttpClientOptions()
                .setSsl(true)
                .setTrustOptions(trust)
                .setMaxPoolSize(32)
                // a kept connection that is closed just now makes this client lose a request, its timeout too
                .setKeepAlive(false));
        this.domain = environment.domain();
        this.port = environment.port("EDGE_HTTPS_PORT");
        this.address = SocketAddress.inetSocketAddress(port, environment.get("HOST_ADDRESS"));
    }

    /** {@code GET /health} of the organization's gateway; never fails, nobody there is an answer too. */
    Future<Answer> health(UUID organization) {
        long begun = System.nanoTime();
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setServer(address)
                .setHost("org-" + organization + "." + domain)
                .setPort(port)
                .setURI("/health")
                .setTimeout(PATIENCE.toMillis())
                .putHeader("Accept", "application/json");
        return http.request(options)
                .compose(request -> request.send())
                .compose(response -> response.body()
                        .map(body -> new Answer(response.statusCode(), Api.parse(body.toString()), Api.since(begun))))
                .otherwise(failure -> new Answer(0, MissingNode.getInstance(), Api.since(begun)));
    }

    Answer healthNow(UUID organization) {
        long begun = System.nanoTime();
        try {
            return health(organization)
                    .toCompletionStage()
                    .toCompletableFuture()
                    // the client has been seen to lose a request whose gateway was replaced under it
                    .get(PATIENCE.multipliedBy(2).toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException lost) {
            return new Answer(0, MissingNode.getInstance(), Api.since(begun));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** The generation that serves the organization; 0 while none does. */
    long serves(UUID organization) {
        Answer answer = healthNow(organization);
        return answer.ok() && answer.body().path("state").asText().equals("serving")
                ? answer.body().path("generation").asLong()
                : 0;
    }

    private static <T> T join(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().join();
        } catch (CompletionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    @Override
    public void close() {
        join(vertx.close());
    }
}
