package dev.ganymede.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ganymede.secret.Secret;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The built jar, run alone as a process of its own, with the embedded PostgreSQL: nothing else of the world is there. */
class JarAloneIT {

    private static final Path JAR = Path.of("target/quarkus-app/quarkus-run.jar");
    private static final Duration PATIENCE = Duration.ofSeconds(180);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final UUID organization = UUID.randomUUID();
    private final UUID gateway = UUID.randomUUID();
    private final Secret token = Secret.random();

    @TempDir
    Path data;

    private int port;
    private Path log;
    private Process ganymede;

    @BeforeEach
    void run() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        log = data.resolve("ganymede.log");
        start();
    }

    @AfterEach
    void end() throws InterruptedException {
        ganymede.destroy();
        assertThat(ganymede.waitFor(30, TimeUnit.SECONDS))
                .as("ends when it is told to")
                .isTrue();
    }

    @Test
    void anAcknowledgedPushSurvivesTheDeathOfEverything() throws Exception {
        assertThat(Files.readString(log)).contains("starting an embedded PostgreSQL");
        serveSomebody();
        String document = "{\"yjs_state\":{\"5b0f7c1e-7a57-4f0e-9b57-1f8b3a6f0001\":\"AAECAw==\"}}";
        HttpResponse<String> pushed = call("push", ",\"timestamp\":\"2025-01-15T10:30:00Z\",\"data\":" + document);
        assertThat(pushed.statusCode()).as(pushed.body()).isEqualTo(200);

        ProcessHandle postmaster =
                ProcessHandle.of(Long.parseLong(postmasterPid().get(0).strip())).orElseThrow();
        ganymede.destroyForcibly().waitFor();
        postmaster.destroyForcibly();
        postmaster.onExit().get(30, TimeUnit.SECONDS);

        start();
        HttpResponse<String> pulled = call("pull", "");
        assertThat(pulled.statusCode()).as(pulled.body()).isEqualTo(200);
        assertThat(pulled.body()).contains(document).contains("2025-01-15T10:30:00Z");
    }

    @Test
    void takesOverThePostgresThatAKilledRunLeftBehind() throws Exception {
        serveSomebody();
        ganymede.destroyForcibly().waitFor();
        start();
        assertThat(Files.readString(log)).contains("an earlier run left behind");
        assertThat(call("pull", "").statusCode()).isEqualTo(200);
    }

    @Test
    void makesAKeyOfItsOwnThatOnlyItsOwnerMayRead() throws Exception {
        for (String file : List.of("api-key", "certificates/access-token.key")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve(file))))
                    .as(file)
                    .isEqualTo("rw-------");
        }
        HttpRequest.Builder pool = HttpRequest.newBuilder(uri("/gateway/pool"));
        assertThat(HTTP.send(pool.build(), BodyHandlers.ofString()).statusCode())
                .isEqualTo(401);
        String key = Files.readString(data.resolve("api-key")).strip();
        assertThat(HTTP.send(pool.header("X-API-Key", key).build(), BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void liveButNotReadyWhileTheWorldAroundIsMissing() throws Exception {
        HttpResponse<String> ready =
                HTTP.send(HttpRequest.newBuilder(uri("/q/health/ready")).build(), BodyHandlers.ofString());
        assertThat(ready.statusCode()).isEqualTo(503);
        assertThat(ready.body()).contains("database", "docker", "powerdns", "edge");
    }

    @Test
    void saysThatTheDatabaseIsAway() throws Exception {
        ProcessHandle postmaster =
                ProcessHandle.of(Long.parseLong(postmasterPid().get(0).strip())).orElseThrow();
        String key = Files.readString(data.resolve("api-key")).strip();
        postmaster.destroyForcibly();
        postmaster.onExit().get(30, TimeUnit.SECONDS);
        for (String path : List.of("/organizations", "/gateway/pool")) {
            HttpRequest request =
                    HttpRequest.newBuilder(uri(path)).header("X-API-Key", key).build();
            HttpResponse<String> answer = HTTP.send(request, BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(path + ": " + answer.body()).isEqualTo(503);
            assertThat(answer.headers().firstValue("Retry-After")).isPresent();
            assertThat(answer.body()).contains("dependency-unavailable");
        }
    }

    private void start() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar", JAR.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().keySet().removeIf(name -> name.startsWith("GANYMEDE_"));
        builder.environment().put("GANYMEDE_DATA_DIR", data.toString());
        builder.environment().put("GANYMEDE_PORT", Integer.toString(port));
        builder.environment().put("DOCKER_HOST", "unix://" + data.resolve("no-engine.sock"));
        builder.environment().put("PDNS_API_URL", "http://127.0.0.1:1");
        builder.environment().put("EDGE_NGINX_BINARY", "/bin/false");
        ganymede = builder.start();
        try {
            await().atMost(PATIENCE).ignoreExceptions().until(() -> {
                HttpRequest live = HttpRequest.newBuilder(uri("/q/health/live"))
                        .timeout(Duration.ofSeconds(5))
                        .build();
                return HTTP.send(live, BodyHandlers.ofString()).statusCode() == 200;
            });
        } catch (ConditionTimeoutException never) {
            throw new AssertionError("not live; its log: " + Files.readString(log), never);
        }
    }

    /** A tenancy as a start would have left it, for a gateway that the test plays. */
    private void serveSomebody() throws Exception {
        String url = "jdbc:postgresql://127.0.0.1:" + postmasterPid().get(3).strip() + "/postgres?user=postgres";
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            insert(statement);
        }
    }

    private void insert(Statement statement) throws SQLException {
        statement.execute("insert into organization values ('" + organization + "', 'Company A', 1, now())");
        statement.execute("insert into gateway (id, node, slot, name, http_port, vpn_port, state, state_since, life,"
                + " boot_token_hash) values ('" + gateway
                + "', 'local', 0, 'gw-pool-0', 7100, 49100, 'ALLOCATED', now(),"
                + " gen_random_uuid(), sha256('boot'))");
        statement.execute("insert into allocation (id, organization_id, gateway_id, generation, state,"
                + " handshake_expires_at, gateway_token_hash, started_at, serving_at) values (gen_random_uuid(), '"
                + organization + "', '" + gateway + "', 1, 'SERVING', now(), '\\x"
                + HexFormat.of().formatHex(token.hash().bytes()) + "', now(), now())");
    }

    private HttpResponse<String> call(String what, String more) throws IOException, InterruptedException {
        String body = "{\"organization_id\":\"" + organization + "\",\"gateway_id\":\"" + gateway + "\"" + more + "}";
        HttpRequest request = HttpRequest.newBuilder(uri("/gateway/data/" + what))
                .header("Authorization", "Bearer " + token.value())
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build();
        return HTTP.send(request, BodyHandlers.ofString());
    }

    private List<String> postmasterPid() throws IOException {
        return Files.readAllLines(data.resolve("postgres/postmaster.pid"));
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }
}
