package dev.ganymede.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
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
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The built jar, run alone as a process of its own, with the embedded PostgreSQL: nothing else of the world is there. One process for all tests, and another one
 * after those that break it; each test has organizations of its own.
 */
class JarAloneIT {

    private static final Path JAR = Path.of("target/quarkus-app/quarkus-run.jar");
    private static final Duration PATIENCE = Duration.ofSeconds(180);
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final AtomicInteger SLOTS = new AtomicInteger();
    private static final AtomicInteger LOGS = new AtomicInteger();

    @TempDir
    static Path data;

    private static int port;
    private static Path log;
    private static Process ganymede;

    private final UUID organization = UUID.randomUUID();
    private final UUID gateway = UUID.randomUUID();

    @BeforeEach
    void run() throws Exception {
        if (isWhole()) {
            return;
        }
        if (ganymede != null) {
            end();
        }
        start();
    }

    private static boolean isWhole() throws IOException {
        return ganymede != null && ganymede.isAlive() && postmaster().isPresent();
    }

    @AfterAll
    static void end() throws InterruptedException {
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

        ProcessHandle postmaster = postmaster().orElseThrow();
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
    void takesInNineOfTheLargestPushesAtOnce() throws Exception {
        List<LargePush> pushes = new ArrayList<>();
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            // many projects, or one that does not fit into memory
            int projects = i % 2 == 0 ? 100 : 1;
            LargePush push =
                    new LargePush(UUID.randomUUID(), UUID.randomUUID(), i, projects, 66_000_000 / projects / 4 * 4);
            serve(push.organization(), push.gateway());
            pushes.add(push);
        }
        for (LargePush push : pushes) {
            HttpRequest request =
                    request("push", push.gateway()).POST(push.publisher()).build();
            answers.add(HTTP.sendAsync(request, BodyHandlers.ofString()));
        }
        for (CompletableFuture<HttpResponse<String>> answer : answers) {
            assertThat(answer.join().statusCode()).as(answer.join().body()).isEqualTo(200);
        }
        assertThat(Files.readString(log)).doesNotContain("OutOfMemory");
        for (LargePush push : pushes.subList(0, 2)) {
            assertThat(sql("select size_bytes from snapshot where organization_id = '" + push.organization() + "'"))
                    .isEqualTo(Long.toString(push.dataLength()));
            HttpRequest request = request("pull", push.gateway())
                    .POST(BodyPublishers.ofString("{\"organization_id\":\"" + push.organization()
                            + "\",\"gateway_id\":\"" + push.gateway() + "\"}"))
                    .build();
            try (InputStream pulled =
                            HTTP.send(request, BodyHandlers.ofInputStream()).body();
                    InputStream pushed = new BufferedInputStream(push.data())) {
                skipTo(pulled, "\"data\":");
                assertThat(Arrays.equals(pulled.readNBytes((int) push.dataLength()), pushed.readAllBytes()))
                        .isTrue();
            }
        }
    }

    private static void skipTo(InputStream in, String text) throws IOException {
        StringBuilder seen = new StringBuilder();
        while (seen.indexOf(text) < 0) {
            seen.append((char) in.read());
            assertThat(seen.length()).isLessThan(10_000);
        }
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
        ProcessHandle postmaster = postmaster().orElseThrow();
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

    /** With a log of its own. */
    private static void start() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        log = data.resolve("ganymede-" + LOGS.incrementAndGet() + ".log");
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-jar",
                        JAR.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
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

    private void serveSomebody() throws Exception {
        serve(organization, gateway);
    }

    /** A tenancy as a start would have left it, for a gateway that the test plays. */
    private static void serve(UUID served, UUID server) throws Exception {
        try (Connection connection = DriverManager.getConnection(database());
                Statement statement = connection.createStatement()) {
            insert(statement, served, server, SLOTS.getAndIncrement());
        }
    }

    private static String sql(String query) throws Exception {
        try (Connection connection = DriverManager.getConnection(database());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static String database() throws IOException {
        return "jdbc:postgresql://127.0.0.1:" + postmasterPid().get(3).strip() + "/postgres?user=postgres";
    }

    private static void insert(Statement statement, UUID served, UUID server, int slot) throws SQLException {
        statement.execute("insert into organization values ('" + served + "', 'Company A', 1, now())");
        statement.execute("insert into gateway (id, node, slot, name, http_port, vpn_port, state, state_since, life,"
                + " boot_token_hash) values ('" + server + "', 'local', " + slot + ", 'gw-pool-" + slot
                + "', 7100, 49100, 'ALLOCATED', now(), gen_random_uuid(), sha256('boot" + slot + "'))");
        statement.execute("insert into allocation (id, organization_id, gateway_id, generation, state,"
                + " handshake_expires_at, gateway_token_hash, started_at, serving_at) values (gen_random_uuid(), '"
                + served + "', '" + server + "', 1, 'SERVING', now(), sha256('" + token(server) + "'), now(), now())");
    }

    private static String token(UUID server) {
        return "token-of-" + server;
    }

    private HttpResponse<String> call(String what, String more) throws IOException, InterruptedException {
        String body = "{\"organization_id\":\"" + organization + "\",\"gateway_id\":\"" + gateway + "\"" + more + "}";
        HttpRequest request =
                request(what, gateway).POST(BodyPublishers.ofString(body)).build();
        return HTTP.send(request, BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(String what, UUID server) {
        return HttpRequest.newBuilder(uri("/gateway/data/" + what))
                .header("Authorization", "Bearer " + token(server))
                .header("Content-Type", "application/json");
    }

    /** Empty also when it has ended without a word, and left its file behind. */
    private static Optional<ProcessHandle> postmaster() throws IOException {
        long pid = Long.parseLong(postmasterPid().get(0).strip());
        return ProcessHandle.of(pid).filter(process -> process.info().command().isPresent());
    }

    private static List<String> postmasterPid() throws IOException {
        return Files.readAllLines(data.resolve("postgres/postmaster.pid"));
    }

    private static URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }
}
