package dev.ganymede.dns.powerdns;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;
import io.vertx.mutiny.core.Vertx;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** Stands before a server and can hold one PATCH back that it has read: it reaches the server when the test says so, whoever has hung up meanwhile. */
final class HoldingProxy implements AutoCloseable {

    private final HttpClient client;
    private final HttpServer server;
    private final int target;
    private final AtomicReference<CompletableFuture<Void>> gate = new AtomicReference<>();
    private final CompletableFuture<Integer> heldStatus = new CompletableFuture<>();

    HoldingProxy(Vertx vertx, int target) throws Exception {
        this.target = target;
        this.client = vertx.getDelegate().createHttpClient();
        this.server = vertx.getDelegate()
                .createHttpServer()
                .requestHandler(this::handle)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(5, TimeUnit.SECONDS);
    }

    int port() {
        return server.actualPort();
    }

    /** The next PATCH waits. */
    CompletableFuture<Void> holdNext() {
        CompletableFuture<Void> release = new CompletableFuture<>();
        gate.set(release);
        return release;
    }

    /** What the server said to the one that waited. */
    CompletableFuture<Integer> heldStatus() {
        return heldStatus;
    }

    private void handle(HttpServerRequest request) {
        CompletableFuture<Void> release = request.method() == HttpMethod.PATCH ? gate.getAndSet(null) : null;
        request.body().onSuccess(body -> {
            if (release == null) {
                forward(request, body).onSuccess(answer -> answer(request, answer));
            } else {
                release.thenRun(() -> forward(request, body)
                        .onSuccess(answer -> heldStatus.complete(answer.statusCode()))
                        .onFailure(heldStatus::completeExceptionally));
            }
        });
    }

    private Future<HttpClientResponse> forward(HttpServerRequest request, Buffer body) {
        RequestOptions options = new RequestOptions()
                .setHost("127.0.0.1")
                .setPort(target)
                .setMethod(request.method())
                .setURI(request.uri());
        return client.request(options).compose(upstream -> {
            upstream.headers().set("X-API-Key", request.getHeader("X-API-Key"));
            return upstream.send(body);
        });
    }

    private static void answer(HttpServerRequest request, HttpClientResponse answer) {
        answer.body()
                .onSuccess(body ->
                        request.response().setStatusCode(answer.statusCode()).end(body));
    }

    @Override
    public void close() {
        server.close();
        client.close();
    }
}
