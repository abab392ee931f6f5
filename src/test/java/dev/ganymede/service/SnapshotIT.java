package dev.ganymede.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.ganymede.world.Api;
import dev.ganymede.world.SimulatedGateway;
import dev.ganymede.world.Sql;
import dev.ganymede.world.TestDatabase;
import dev.ganymede.world.World;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.SequenceInputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class SnapshotIT {

    private static final String PROJECT = "5b0f7c1e-7a57-4f0e-9b57-1f8b3a6f0001";
    private static final String OTHER_PROJECT = "5b0f7c1e-7a57-4f0e-9b57-1f8b3a6f0002";
    private static final String DATA =
            "{\"yjs_state\":{\"" + PROJECT + "\":\"AAECAw==\"},\"gateway_state\":{\"permissions\":{}}}";
    private static final int LIMIT_BYTES = 64 * 1024 * 1024;
    private static final int LEAVING = 8;

    @Inject
    World world;

    @Inject
    DataSource dataSource;

    @ConfigProperty(name = "quarkus.http.test-port")
    int port;

    @ConfigProperty(name = "ganymede.snapshot.max-concurrent-pushes", defaultValue = "32")
    int maxConcurrentPushes;

    private String organization;
    private SimulatedGateway gateway;

    @BeforeEach
    void oneIsServed() {
        world.reset();
        organization = Api.organization("Company A");
        gateway = started();
    }

    @Test
    void aNewOrganizationHasNoData() {
        pull(gateway)
                .then()
                .statusCode(200)
                .body("success", equalTo(true))
                .body("timestamp", nullValue())
                .body("data", nullValue());
    }

    @Test
    void theNextGatewayGetsWhatTheLastOnePushed() {
        push(gateway, DATA)
                .then()
                .statusCode(200)
                .body("success", equalTo(true))
                .body("size_bytes", equalTo(DATA.length()));
        gateway.leave();
        world.awaitReady(3);
        SimulatedGateway next = started();
        assertThat(next.pulled().path("timestamp").asText()).isEqualTo("2025-01-15T10:30:00Z");
        assertThat(next.pulled().path("data").toString()).isEqualTo(DATA);
        assertThat(pull(next).asString())
                .startsWith("{\"success\":true,\"timestamp\":\"2025-01-15T10:30:00Z\",")
                .endsWith(",\"data\":" + DATA + "}");
    }

    @Test
    void aStaleWriterIsRefusedAndChangesNothing() {
        push(gateway, DATA).then().statusCode(200);
        gateway.leave();
        Response late = push(gateway, state("late"));
        late.then()
                .statusCode(409)
                .contentType("application/problem+json")
                .body("type", equalTo("https://ganymede.dev/problems/stale-generation"));
        SimulatedGateway next = started();
        push(next, "{\"gateway_state\":{\"new\":1}}").then().statusCode(200);
        push(gateway, state("stil")).then().statusCode(409);
        assertThat(pull(next).jsonPath().getMap("data.gateway_state")).containsOnlyKeys("new");
    }

    @Test
    void tokensOpenTheirOwnDataOnly() {
        Api.gateway("not-a-token")
                .body(body(gateway, DATA))
                .post("/gateway/data/push")
                .then()
                .statusCode(401);
        String foreign =
                body(gateway, DATA).replace(organization, UUID.randomUUID().toString());
        Api.gateway(gateway.token())
                .body(foreign)
                .post("/gateway/data/push")
                .then()
                .statusCode(403);
        // the boot token is not for data
        Api.gateway(gateway.spec().bootToken())
                .body(body(gateway, DATA))
                .post("/gateway/data/push")
                .then()
                .statusCode(401);
        assertThat(stored()).isEqualTo("0");
    }

    @Test
    void brokenBodiesAreRefusedAndNothingIsStored() {
        String whole = body(gateway, DATA);
        for (String broken : new String[] {
            "",
            "{",
            whole.substring(0, whole.length() / 2),
            whole + "}",
            whole.replace("AAEC", "\u0001"),
            "[" + whole + "]"
        }) {
            Api.gateway(gateway.token())
                    .body(broken)
                    .post("/gateway/data/push")
                    .then()
                    .statusCode(400)
                    .contentType("application/problem+json");
        }
        assertThat(stored()).isEqualTo("0");
    }

    @Test
    void aBodyThatIsCutInTheMiddleIsNotStored() throws IOException {
        String whole = body(gateway, DATA);
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(10_000);
            String head = "POST /gateway/data/push HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                    + "Authorization: Bearer " + gateway.token() + "\r\nContent-Length: " + whole.length() + "\r\n\r\n";
            socket.getOutputStream()
                    .write((head + whole.substring(0, whole.length() - 5)).getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
        }
        // the next request of the same gateway is served, and finds nothing
        pull(gateway).then().statusCode(200).body("data", nullValue());
    }

    @Test
    void aBodyAboveTheLimitIsRefusedBeforeItIsRead() throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(10_000);
            String head = "POST /gateway/data/push HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                    + "Authorization: Bearer " + gateway.token() + "\r\nContent-Length: " + (LIMIT_BYTES + 1)
                    + "\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer)
                    .startsWith("HTTP/1.1 413")
                    .contains("application/problem+json")
                    .contains("payload-too-large");
        }
    }

    @Test
    void aStrangersBodyIsNotEvenRead() throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(10_000);
            String head = "POST /gateway/data/push HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                    + "Authorization: Bearer guess\r\nContent-Length: 60000000\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).startsWith("HTTP/1.1 401").contains("application/problem+json");
        }
    }

    @Test
    void onlySoMuchIsTakenInAtTheSameTime() throws IOException {
        // as many as are let in: they announce the most and then say nothing
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i <= maxConcurrentPushes; i++) {
                sockets.add(announce());
            }
            Socket last = sockets.get(maxConcurrentPushes);
            last.setSoTimeout(10_000);
            String answer = new String(last.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).startsWith("HTTP/1.1 503").contains("overloaded");
            assertThat(answer.toLowerCase(java.util.Locale.ROOT)).contains("retry-after: ");
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
        // and when they have left there is room again
        await().until(() -> push(gateway, DATA).statusCode() == 200);
    }

    @Test
    void whoLeavesBeforeItIsLetInTakesNoPlaceWithIt() throws Exception {
        // not all of them at once: they would need all connections to the database
        for (int left = 0; left <= maxConcurrentPushes; left += LEAVING) {
            askAndLeave();
        }
        await().until(() -> push(gateway, DATA).statusCode() == 200);
    }

    private void askAndLeave() throws Exception {
        try (Connection other = dataSource.getConnection();
                Statement lock = other.createStatement()) {
            other.setAutoCommit(false);
            lock.execute("lock table allocation in access exclusive mode");
            List<Socket> sockets = new ArrayList<>();
            for (int i = 0; i < LEAVING; i++) {
                sockets.add(request());
            }
            await().until(() -> asking() == LEAVING);
            for (Socket socket : sockets) {
                socket.close();
            }
            other.rollback();
            other.setAutoCommit(true);
        }
        await().until(() -> asking() == 0);
    }

    @Test
    void whatIsStillBeingStoredCountsThoughItsCallerHasLeft() throws Exception {
        push(gateway, DATA).then().statusCode(200);
        try (Connection other = dataSource.getConnection();
                Statement lock = other.createStatement()) {
            other.setAutoCommit(false);
            lock.execute("select from snapshot_series where organization_id = '" + organization + "' for update");
            List<Socket> sockets = new ArrayList<>();
            for (int i = 0; i < maxConcurrentPushes; i++) {
                sockets.add(send(body(gateway, DATA)));
            }
            await().until(() -> storing() == maxConcurrentPushes);
            for (Socket socket : sockets) {
                socket.close();
            }
            await().until(
                            () -> push(gateway, DATA).<String>path("detail"),
                            equalTo("Too many pushes are still being stored."));
            other.rollback();
            other.setAutoCommit(true);
        }
        await().until(() -> push(gateway, DATA).statusCode() == 200);
    }

    /** So many are in their transaction. */
    private int storing() {
        return new Sql(dataSource)
                .column(
                        "select 1 from pg_stat_activity where state = 'active' and wait_event_type = 'Lock'"
                                + " and (query like '%update allocation set silent_at%' or query like 'select last_version%for update%')")
                .size();
    }

    private Socket send(String body) throws IOException {
        Socket socket = new Socket("127.0.0.1", port);
        String head =
                "POST /gateway/data/push HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAuthorization: Bearer "
                        + gateway.token() + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
        socket.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
        return socket;
    }

    /** So many wait for the answer whether they are let in. */
    private int asking() {
        return new Sql(dataSource)
                .column("select 1 from pg_stat_activity where state = 'active' and query like '%push_arrival%'"
                        + " and pid <> pg_backend_pid()")
                .size();
    }

    private Socket announce() throws IOException {
        Socket socket = request();
        // admitted before the next one asks: the order of arrival is the order of the reservations
        pull(gateway).then().statusCode(200);
        return socket;
    }

    private Socket request() throws IOException {
        Socket socket = new Socket("127.0.0.1", port);
        String head =
                "POST /gateway/data/push HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAuthorization: Bearer "
                        + gateway.token() + "\r\nContent-Length: " + LIMIT_BYTES + "\r\n\r\n{";
        socket.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
        return socket;
    }

    @Test
    void aBodyOfUnknownLengthIsRefusedAtTheLimitToo() throws Exception {
        byte[] head = ("{\"data\":{\"yjs_state\":{\"" + PROJECT + "\":\"").getBytes(StandardCharsets.UTF_8);
        byte[] filling = new byte[LIMIT_BYTES];
        Arrays.fill(filling, (byte) 'a');
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/gateway/data/push"))
                .header("Authorization", "Bearer " + gateway.token())
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofInputStream(() ->
                        new SequenceInputStream(new ByteArrayInputStream(head), new ByteArrayInputStream(filling))))
                .build();
        HttpResponse<String> answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(stored()).isEqualTo("0");
    }

    @Test
    void aLargeSnapshotComesBackByteForByte() {
        String data = "{\"yjs_state\":{\"" + PROJECT + "\":\"" + "QUJD".repeat(2_500_000) + "\"}}";
        push(gateway, data).then().statusCode(200).body("size_bytes", equalTo(data.length()));
        // not by assertThat: its message would have twenty million characters
        assertThat(pull(gateway).asString().endsWith(",\"data\":" + data + "}")).isTrue();
    }

    private static String state(String base64) {
        return "{\"yjs_state\":{\"" + PROJECT + "\":\"" + base64 + "\"}}";
    }

    private SimulatedGateway started() {
        Api.start(organization).then().statusCode(200);
        return world.gateways.serving(organization).orElseThrow();
    }

    private String stored() {
        return new Sql(dataSource)
                .value("select count(*) from snapshot where organization_id = '" + organization + "'");
    }

    private static Response push(SimulatedGateway gateway, String data) {
        return Api.gateway(gateway.token()).body(body(gateway, data)).post("/gateway/data/push");
    }

    private static Response pull(SimulatedGateway gateway) {
        return Api.gateway(gateway.token()).body(gateway.ids()).post("/gateway/data/pull");
    }

    private static String body(SimulatedGateway gateway, String data) {
        return "{\"organization_id\":\"" + gateway.ids().get("organization_id") + "\",\"gateway_id\":\""
                + gateway.ids().get("gateway_id") + "\",\"timestamp\":\"2025-01-15T10:30:00Z\",\"data\":" + data + "}";
    }
}
