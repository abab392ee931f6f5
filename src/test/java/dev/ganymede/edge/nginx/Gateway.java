package dev.ganymede.edge.nginx;

import dev.ganymede.id.Endpoint;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.atomic.AtomicInteger;

/** A gateway as the edge sees it: answers with what it was asked, echoes on WebSockets, counts connections. */
final class Gateway {

    private final AtomicInteger connections = new AtomicInteger();
    private final HttpServer server;

    Gateway(Vertx vertx) {
        server = vertx.createHttpServer()
                .connectionHandler(connection -> connections.incrementAndGet())
                .webSocketHandler(socket -> socket.textMessageHandler(text -> socket.writeTextMessage("echo " + text)))
                .requestHandler(this::answer)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    Endpoint endpoint() {
        return new Endpoint("127.0.0.1", server.actualPort());
    }

    int connections() {
        return connections.get();
    }

    void close() {
        server.close().toCompletionStage().toCompletableFuture().join();
    }

    private void answer(HttpServerRequest request) {
        JsonObject headers = new JsonObject();
        request.headers().forEach(header -> headers.put(header.getKey().toLowerCase(), header.getValue()));
        request.response()
                .putHeader("content-type", "application/json")
                .end(new JsonObject()
                        .put("gateway", endpoint().authority())
                        .put("uri", request.uri())
                        .put("headers", headers)
                        .encode());
    }
}
