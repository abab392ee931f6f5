package dev.ganymede.world;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.ganymede.container.ContainerSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/**
 * Plays the program inside one gateway's container, over real sockets: it calls ready, redeems, pulls, serves {@code /health}, and leaves when told to.
 *
 * <p>What the real program does beyond that (rooms, autosave) is tested with the image.
 */
public final class SimulatedGateway {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static final int MAX_BINDS = 100;

    private final ContainerSpec spec;
    private final URI ganymede;
    private final SimulatedGateways.Manner manner;
    private final Watch watch;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "simulated-gateway");
        thread.setDaemon(true);
        return thread;
    });
    private volatile JsonNode configuration;
    private volatile JsonNode pulled;
    private volatile boolean hangs;
    private volatile int connections;

    SimulatedGateway(ContainerSpec spec, String host, URI ganymede, SimulatedGateways.Manner manner, Watch watch) {
        this.watch = watch;
        this.spec = spec;
        this.ganymede = ganymede;
        this.manner = manner;
        this.server = bind(new InetSocketAddress(host, spec.httpPort()));
        server.createContext("/collab/start", this::start);
        server.createContext("/health", this::health);
        server.setExecutor(threads);
        server.start();
        if (manner != SimulatedGateways.Manner.NEVER_READY) {
            threads.execute(this::callReady);
        }
    }

    /** The program of the life before may still be closing its socket. */
    private static HttpServer bind(InetSocketAddress address) {
        for (int attempt = 1; ; attempt++) {
            try {
                return HttpServer.create(address, 0);
            } catch (IOException taken) {
                if (attempt == MAX_BINDS) {
                    throw new UncheckedIOException("can't listen on " + address, taken);
                }
                LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
            }
        }
    }

    public boolean is(SimulatedGateways.Manner other) {
        return manner == other;
    }

    public ContainerSpec spec() {
        return spec;
    }

    /** What it was given at {@code /gateway/config}, or null. */
    public JsonNode configuration() {
        return configuration;
    }

    /** What it pulled, or null. */
    public JsonNode pulled() {
        return pulled;
    }

    public String token() {
        return configuration.path("gateway_token").asText();
    }

    /** A call to Ganymede with any token. */
    public HttpResponse<String> call(String path, String token, Object body) {
        try {
            HttpRequest request = HttpRequest.newBuilder(ganymede.resolve(path))
                    .timeout(Duration.ofSeconds(10))
                    .header("Authorization", "Bearer " + token)
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(JSON.writeValueAsString(body)))
                    .build();
            return HTTP.send(request, BodyHandlers.ofString());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** Leaves as the real one does: its own stop call. */
    public HttpResponse<String> leave() {
        return call("/gateway/stop", token(), ids());
    }

    public Map<String, String> ids() {
        return Map.of(
                "gateway_id", configuration.path("gateway_id").asText(),
                "organization_id", configuration.path("organization_id").asText());
    }

    void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void callReady() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                if (call("/gateway/ready", spec.bootToken(), Map.of()).statusCode() == 200) {
                    return;
                }
                Thread.sleep(50);
            } catch (InterruptedException ended) {
                return;
            } catch (UncheckedIOException | IllegalStateException notUpYet) {
                if (Thread.interrupted()) {
                    return;
                }
            }
        }
    }

    private void start(HttpExchange exchange) throws IOException {
        watch.saw("/collab/start");
        if (hangs) {
            return;
        }
        JsonNode request = JSON.readTree(exchange.getRequestBody());
        switch (manner) {
            case GOOD ->
                redeemAndLoad(exchange, request.path("tmp_handshake_token").asText());
            case REFUSES -> answer(exchange, 500, "{}");
            case FINDS_DAMAGE -> answer(exchange, 502, "{\"type\":\"https://ganymede.dev/problems/corrupt-snapshot\"}");
            case TALKS_GARBAGE -> {
                exchange.getResponseHeaders().add("Content-Type", "text/html");
                answer(exchange, 200, "\u0000<html>");
            }
            case NEVER_READY, NEVER_ANSWERS -> {
                // the exchange stays open until the server is closed
            }
        }
    }

    private void redeemAndLoad(HttpExchange exchange, String handshakeToken) throws IOException {
        HttpResponse<String> config =
                call("/gateway/config", spec.bootToken(), Map.of("tmp_handshake_token", handshakeToken));
        if (config.statusCode() != 200) {
            answer(exchange, 502, config.body());
            return;
        }
        configuration = JSON.readTree(config.body());
        pulled = JSON.readTree(call("/gateway/data/pull", token(), ids()).body());
        answer(exchange, 200, "{}");
    }

    void hang(boolean hangs) {
        this.hangs = hangs;
    }

    void forget() {
        configuration = null;
    }

    void connections(int count) {
        connections = count;
    }

    private void health(HttpExchange exchange) throws IOException {
        if (hangs) {
            return; // the exchange stays open until the server is closed
        }
        JsonNode serving = configuration;
        answer(
                exchange,
                200,
                serving == null
                        ? JSON.createObjectNode()
                                .put("state", "ready")
                                .put("connections", connections)
                                .toString()
                        : JSON.createObjectNode()
                                .put("state", "serving")
                                .put("gateway_id", serving.path("gateway_id").asText())
                                .put(
                                        "organization_id",
                                        serving.path("organization_id").asText())
                                .put("generation", serving.path("generation").asLong())
                                .put("connections", connections)
                                .toString());
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
