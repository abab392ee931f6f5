package dev.ganymede.bench.start;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/** Gateways of the seed's pool: made by the same agent, each with a state file as {@code gateway-pool.sh create} writes it. */
final class SeedGateways implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    // above all that Ganymede gives out
    private static final int FIRST_PORT = 30_000;

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI containers = URI.create(Settings.text("GATEWAY_AGENT_URL") + "/environments/seed/containers");
    private final SeedGanymede ganymede = new SeedGanymede();
    private final Path pool;
    private int made;

    SeedGateways(Path pool) throws IOException {
        this.pool = pool;
    }

    void reserve(int ready) throws IOException, InterruptedException {
        for (int number = 0; number < ready; number++) {
            make(made++);
        }
    }

    private void make(int number) throws IOException, InterruptedException {
        String name = "gw-seed-" + number;
        int port = FIRST_PORT + number;
        ObjectNode order = JSON.createObjectNode()
                .put("name", name)
                .put("gateway", UUID.randomUUID().toString())
                .put("life", UUID.randomUUID().toString())
                .put("http_port", port)
                .put("vpn_port", port);
        order.putArray("variables")
                .add("GATEWAY_ID=" + name)
                .add("GATEWAY_NAME=" + name)
                .add("GATEWAY_BOOT_TOKEN=none")
                .add("GANYMEDE_URL=" + ganymede.url());
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(containers)
                        .header("Authorization", "Bearer " + Settings.text("GATEWAY_AGENT_TOKEN"))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(order.toString()))
                        .build(),
                BodyHandlers.ofString());
        if (answer.statusCode() != 201) {
            throw new IllegalStateException("the agent made no gateway: " + answer.body());
        }
        Files.writeString(pool.resolve(name + ".state"), name + "|ready|" + port + "|" + port + "|\n");
    }

    @Override
    public void close() {
        ganymede.close();
    }
}
