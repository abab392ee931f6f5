package dev.ganymede.certificate.acme;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** As much of RFC 8555 as it takes to say no to an order: pebble has no rate limits. */
final class RateLimitingServer implements AutoCloseable {

    private final HttpServer server;
    private volatile int status = 429;
    private volatile String problem = "rateLimited";

    RateLimitingServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/directory", exchange -> answer(exchange, 200, "application/json", directory()));
        server.createContext("/nonce", exchange -> answer(exchange, 200, "text/plain", ""));
        server.createContext("/account", exchange -> {
            exchange.getResponseHeaders().set("Location", url("/accounts/1"));
            answer(exchange, 201, "application/json", "{\"status\": \"valid\"}");
        });
        server.createContext("/order", exchange -> {
            exchange.getResponseHeaders().set("Retry-After", "3600");
            answer(exchange, status, "application/problem+json", refusal());
        });
        server.start();
    }

    void refuseWith(int newStatus, String newProblem) {
        status = newStatus;
        problem = newProblem;
    }

    URI acmeDirectory() {
        return URI.create(url("/directory"));
    }

    private String directory() {
        return "{\"newNonce\": \"%s\", \"newAccount\": \"%s\", \"newOrder\": \"%s\"}"
                .formatted(url("/nonce"), url("/account"), url("/order"));
    }

    private String refusal() {
        return "{\"type\": \"urn:ietf:params:acme:error:%s\", \"detail\": \"too many certificates already issued\"}"
                .formatted(problem);
    }

    private String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    private static void answer(HttpExchange exchange, int status, String type, String body) throws IOException {
        exchange.getRequestBody().readAllBytes();
        exchange.getResponseHeaders()
                .set("Replay-Nonce", UUID.randomUUID().toString().replace("-", ""));
        exchange.getResponseHeaders().set("Content-Type", type);
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, head || bytes.length == 0 ? -1 : bytes.length);
        if (!head) {
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
