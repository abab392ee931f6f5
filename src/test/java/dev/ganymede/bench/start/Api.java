package dev.ganymede.bench.start;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** What a frontend asks of Ganymede. Safe for concurrent use. */
final class Api {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final int UNAVAILABLE = 503;
    private static final int ATTEMPTS = 60;

    private final Settings settings;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    Api(Settings settings) {
        this.settings = settings;
    }

    /** A new organization's id; who is told to come again does. */
    String organization(int number) throws IOException, InterruptedException {
        String body = "{\"name\":\"Organization " + number + "\"}";
        HttpResponse<String> answer = post("/organizations", body);
        for (int attempt = 1; answer.statusCode() == UNAVAILABLE && attempt < ATTEMPTS; attempt++) {
            Thread.sleep(PAUSE.toMillis());
            answer = post("/organizations", body);
        }
        require(answer, 201);
        return JSON.readTree(answer.body()).path("id").asText();
    }

    /** True when it is served now. */
    boolean start(String organization) throws IOException {
        return post("/gateway/start", "{\"organization_id\":\"" + organization + "\"}")
                        .statusCode()
                == 200;
    }

    void stop(String organization) throws IOException {
        require(post("/organizations/" + organization + "/stop", ""), 200);
    }

    /** The pool's figures. */
    JsonNode pool() throws IOException {
        HttpResponse<String> answer = send(request("/gateway/pool").GET().build());
        require(answer, 200);
        return JSON.readTree(answer.body());
    }

    private HttpResponse<String> post(String path, String body) throws IOException {
        return send(request(path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(settings.api().resolve(path))
                .timeout(PATIENCE)
                .header("X-API-Key", settings.apiKey());
    }

    private HttpResponse<String> send(HttpRequest request) throws IOException {
        try {
            return http.send(request, BodyHandlers.ofString());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException(interrupted);
        }
    }

    private static void require(HttpResponse<String> answer, int status) {
        if (answer.statusCode() != status) {
            throw new IllegalStateException(answer.uri() + " answered " + answer.statusCode() + ": " + answer.body());
        }
    }
}
