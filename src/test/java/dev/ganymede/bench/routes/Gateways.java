package dev.ganymede.bench.routes;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;

/** Two gateways that answer with their port, and echo on WebSockets. */
final class Gateways {

    private final Vertx vertx = Vertx.vertx();
    private final HttpServer one = listen();
    private final HttpServer two = listen();

    int one() {
        return one.actualPort();
    }

    int other(int port) {
        return port == one() ? two.actualPort() : one();
    }

    private HttpServer listen() {
        HttpServer[] server = {vertx.createHttpServer()};
        return server[0]
                .webSocketHandler(socket -> socket.textMessageHandler(socket::writeTextMessage))
                .requestHandler(request -> request.response().end(Integer.toString(server[0].actualPort())))
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }
}
