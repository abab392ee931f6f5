package dev.ganymede.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.equalTo;

import dev.ganymede.world.Api;
import dev.ganymede.world.SimulatedGateway;
import dev.ganymede.world.Sql;
import dev.ganymede.world.TestDatabase;
import dev.ganymede.world.World;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How a push becomes a version: its place in the order, what of it is written, and when it is refused. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class PushIT {

    @Inject
    World world;

    @Inject
    DataSource dataSource;

    @Inject
    Pool pool;

    @ConfigProperty(name = "quarkus.http.test-port")
    int port;

    private String organization;
    private SimulatedGateway gateway;

    @BeforeEach
    void oneIsServed() {
        world.reset();
        organization = Api.organization("Company A");
        gateway = started(organization);
    }

    @Test
    void whatIsTheSameAsTheHeadMakesNoVersion() {
        Response first = push(gateway, data(project(1), "one"), "");
        first.then().statusCode(200).body("version", equalTo(1)).body("unchanged", equalTo(false));
        push(gateway, data(project(1), "one"), "")
                .then()
                .statusCode(200)
                .body("version", equalTo(1))
                .body("unchanged", equalTo(true))
                .body("digest", equalTo(first.path("digest")))
                .body("size_bytes", equalTo(data(project(1), "one").length()));
        push(gateway, data(project(1), "two"), "")
                .then()
                .body("version", equalTo(2))
                .body("unchanged", equalTo(false));
        assertThat(versions()).containsExactly("1", "2");
    }

    @Test
    void onlyWhatHasChangedIsWritten() {
        List<String> states = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            states.add(project(i) + "=state " + i + " of " + organization);
        }
        push(gateway, data(states), "").then().statusCode(200);
        String blobs = sql().value("select count(*) from blob");
        states.set(17, project(17) + "=another state of " + organization);
        push(gateway, data(states), "").then().statusCode(200).body("version", equalTo(2));
        assertThat(Integer.parseInt(sql().value("select count(*) from blob"))).isEqualTo(Integer.parseInt(blobs) + 1);
        // and it is known since when each of them is as it is
        assertThat(sql().value(
                                "select count(distinct changed_at) from snapshot_part where version = 2 and organization_id = '"
                                        + organization + "'"))
                .isEqualTo("2");
    }

    @Test
    void twoOrganizationsShareWhatIsTheSameAndKnowNothingOfIt() {
        String shared = "shared " + UUID.randomUUID();
        push(gateway, data(project(1), shared), "").then().statusCode(200);
        String other = Api.organization("Company B");
        SimulatedGateway theirs = started(other);
        known(theirs, shared).then().statusCode(200).body("known", equalTo(List.of()));
        pushReference(theirs, shared)
                .then()
                .statusCode(422)
                .body("type", equalTo("https://ganymede.dev/problems/blobs-missing"));
        push(theirs, data(project(2), shared), "").then().statusCode(200);
        known(theirs, shared).then().body("known", equalTo(List.of(hash(shared))));
        assertThat(sql().value("select count(*) from blob where sha256 = '\\x" + hash(shared) + "'"))
                .isEqualTo("1");
    }

    @Test
    void whatIsKnownNeedNotBeSent() {
        String state = "state " + UUID.randomUUID();
        push(gateway, data(List.of(project(1) + "=" + state, project(2) + "=other")), "")
                .then()
                .statusCode(200);
        known(gateway, state, "never sent").then().body("known", containsInAnyOrder(hash(state)));
        Response referred = pushReference(gateway, state);
        referred.then().statusCode(200).body("version", equalTo(2));
        assertThat(pull(gateway).asString()).contains("\"data\":" + data(project(1), state));
        assertThat((int) referred.path("size_bytes"))
                .isEqualTo(data(project(1), state).length());
    }

    @Test
    void whatIsDamagedIsNotKnownAndTheNextPushMendsIt() throws Exception {
        String state = "state " + UUID.randomUUID();
        push(gateway, data(project(1), state), "").then().statusCode(200);
        sql().execute("update blob set data = 'x', damaged_at = now() where sha256 = '\\x" + hash(state) + "'");
        known(gateway, state).then().body("known", equalTo(List.of()));
        pushReference(gateway, state).then().statusCode(422);
        push(gateway, data(project(1), state), "").then().statusCode(200).body("unchanged", equalTo(true));
        assertThat(sql().value("select damaged_at is null and sha256(data) = sha256 from blob where sha256 = '\\x"
                        + hash(state) + "'"))
                .isEqualTo("t");
    }

    @Test
    void whoArrivedEarlierAndIsDoneLaterIsStale() throws IOException {
        try (Late late = new Late(gateway, data(project(1), "earlier"))) {
            push(gateway, data(project(1), "later"), "").then().statusCode(200);
            assertThat(late.finish()).startsWith("HTTP/1.1 409").contains("stale-push");
        }
        assertThat(pull(gateway).asString()).contains(data(project(1), "later"));
        assertThat(versions()).containsExactly("1");
    }

    @Test
    void aPushThatIsUnderWayWhenItsAllocationEndsIsRefused() throws IOException {
        try (Late late = new Late(gateway, data(project(1), "late"))) {
            gateway.leave();
            assertThat(late.finish()).startsWith("HTTP/1.1 409").contains("stale-generation");
        }
        assertThat(versions()).isEmpty();
    }

    @Test
    void theGatewaysOwnCountHoldsToo() {
        push(gateway, data(project(1), "five"), ",\"sequence\":5").then().statusCode(200);
        for (String count : List.of("4", "5")) {
            push(gateway, data(project(1), "again"), ",\"sequence\":" + count)
                    .then()
                    .statusCode(409)
                    .body("type", equalTo("https://ganymede.dev/problems/stale-push"));
        }
        push(gateway, data(project(1), "six"), ",\"sequence\":6").then().statusCode(200);
        // the next allocation counts from the beginning
        gateway.leave();
        world.awaitReady(3);
        push(started(organization), data(project(1), "one"), ",\"sequence\":1")
                .then()
                .statusCode(200)
                .body("version", equalTo(3));
    }

    @Test
    void anOlderPushThatIsRepeatedDoesNotUndoTheNewerOne() {
        push(gateway, data(project(1), "old"), "").then().statusCode(200);
        push(gateway, data(project(1), "new"), "").then().statusCode(200);
        push(gateway, data(project(1), "old"), "")
                .then()
                .statusCode(409)
                .body("type", equalTo("https://ganymede.dev/problems/stale-push"));
        assertThat(versions()).containsExactly("1", "2");
        assertThat(pull(gateway).asString()).contains(data(project(1), "new"));
    }

    @Test
    void aRepetitionIsKnownThoughItsVersionIsOfAnEarlierGateway() {
        push(gateway, data(project(1), "old"), "").then().statusCode(200);
        gateway.leave();
        world.awaitReady(3);
        SimulatedGateway next = started(organization);
        push(next, data(project(1), "old"), "").then().statusCode(200).body("unchanged", equalTo(true));
        push(next, data(project(1), "new"), "").then().statusCode(200);
        push(next, data(project(1), "old"), "")
                .then()
                .statusCode(409)
                .body("type", equalTo("https://ganymede.dev/problems/stale-push"));
        assertThat(pull(next).asString()).contains(data(project(1), "new"));
    }

    @Test
    void aRepetitionIsKnownThoughItsVersionIsRestored() throws Exception {
        push(gateway, data(project(1), "old"), "").then().statusCode(200);
        sql().execute("update snapshot set kind = 'RESTORE', generation = null, confirmed_generation = null"
                + " where organization_id = '" + organization + "'");
        push(gateway, data(project(1), "old"), "").then().statusCode(200).body("unchanged", equalTo(true));
        push(gateway, data(project(1), "new"), "").then().statusCode(200);
        push(gateway, data(project(1), "old"), "").then().statusCode(409);
    }

    @Test
    void pushesOfOneOrganizationStandInLine() {
        HttpClient http = HttpClient.newHttpClient();
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/gateway/data/push"))
                    .header("Authorization", "Bearer " + gateway.token())
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(body(gateway, data(project(1), "at once " + i), "")))
                    .build();
            answers.add(http.sendAsync(request, BodyHandlers.ofString()));
        }
        List<Integer> codes =
                answers.stream().map(answer -> answer.join().statusCode()).toList();
        assertThat(codes).contains(200).isSubsetOf(200, 409);
        long stored = codes.stream().filter(code -> code == 200).count();
        assertThat(versions()).hasSize((int) stored);
        assertThat(sql().value("select head_version = last_version from snapshot_series where organization_id = '"
                        + organization + "'"))
                .isEqualTo("t");
    }

    @Test
    void thePushThatIsLargerThanTheQuotaIsRefused() {
        String state = UUID.randomUUID() + "x".repeat(5_000 - 36);
        quota("{\"bytes\":4999}")
                .then()
                .statusCode(200)
                .body("bytes", equalTo(4999))
                .body("own", equalTo(true));
        push(gateway, data(project(1), state), "")
                .then()
                .statusCode(507)
                .body("type", equalTo("https://ganymede.dev/problems/quota-exceeded"));
        assertThat(versions()).isEmpty();
        assertThat(sql().column("select 1 from blob where sha256 = '\\x" + hash(state) + "'"))
                .as("nothing was written")
                .isEmpty();
        quota("{\"bytes\":5000}").then().statusCode(200);
        push(gateway, data(project(1), state), "").then().statusCode(200);
        Api.frontend().get("/organizations/{id}/quota", organization).then().body("used_bytes", equalTo(5000));
        Api.frontend()
                .delete("/organizations/{id}/quota", organization)
                .then()
                .statusCode(200)
                .body("own", equalTo(false));
        for (String wrong : List.of("{}", "{\"bytes\":0}", "{\"bytes\":-1}")) {
            quota(wrong).then().statusCode(400);
        }
        Api.frontend()
                .get("/organizations/{id}/quota", UUID.randomUUID().toString())
                .then()
                .statusCode(404);
        Api.frontend()
                .body("{\"bytes\":1}")
                .put("/organizations/{id}/quota", UUID.randomUUID().toString())
                .then()
                .statusCode(404);
    }

    @Test
    void whatDiedBetweenBlobsAndManifestIsTriedAgain() throws Exception {
        String state = "state " + UUID.randomUUID();
        push(gateway, data(project(1), "before"), "").then().statusCode(200);
        // the blob is there, its manifest never came
        sql().execute("insert into blob (sha256, size_bytes, data, used_at) values ('\\x" + hash(state) + "', "
                + state.length() + ", '" + state + "', now() - interval '2 hours')");
        assertThat(pull(gateway).asString()).contains(data(project(1), "before"));
        push(gateway, data(project(1), state), "").then().statusCode(200).body("version", equalTo(2));
        assertThat(sql().value("select used_at > now() - interval '1 hour' from blob where sha256 = '\\x" + hash(state)
                        + "'"))
                .isEqualTo("t");
    }

    @Test
    void aRestoreIsNotUndoneByWhoLoadedItsDataBefore() throws Exception {
        push(gateway, data(project(1), "one"), "").then().statusCode(200);
        sql().execute("update snapshot_series set lineage = 1 where organization_id = '" + organization + "'");
        push(gateway, data(project(1), "two"), "").then().statusCode(200).body("version", equalTo(2));
        assertThat(pull(gateway).asString()).contains(data(project(1), "one"));
        assertThat(versions()).containsExactly("1", "2");
    }

    @Test
    void rescuedVersionsThatWereMergedAreMarked() throws Exception {
        push(gateway, data(project(1), "one"), "").then().statusCode(200);
        rescued(2);
        push(gateway, data(project(1), "merged"), ",\"recovered\":[1,2,77]")
                .then()
                .statusCode(200)
                .body("version", equalTo(3));
        assertThat(merged()).containsExactly("2");
    }

    @Test
    void whatIsMergedIntoAVersionThatIsNotTheHeadStaysToBeMerged() throws Exception {
        push(gateway, data(project(1), "one"), "").then().statusCode(200);
        rescued(2);
        sql().execute("update snapshot_series set lineage = 1 where organization_id = '" + organization + "'");
        push(gateway, data(project(1), "merged"), ",\"recovered\":[2]")
                .then()
                .statusCode(200)
                .body("version", equalTo(3));
        assertThat(merged()).isEmpty();
    }

    private void rescued(int version) throws Exception {
        sql().execute(
                        "insert into snapshot (organization_id, version, lineage, kind, taken_at, confirmed_at, stored_at,"
                                + " digest, size_bytes) values ('" + organization + "', " + version
                                + ", 0, 'RESCUE', now(), now(), now(), sha256(''), 1)");
        sql().execute("update snapshot_series set last_version = " + version + " where organization_id = '"
                + organization + "'");
    }

    private List<String> merged() {
        return sql().column("select version from snapshot where merged_at is not null and organization_id = '"
                + organization + "'");
    }

    @Test
    void aBodyThatStopsIsToldSo() throws IOException {
        String body = body(gateway, data(project(1), "one"), "");
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream()
                    .write((head(gateway, body.length()) + body.substring(0, 50)).getBytes(StandardCharsets.UTF_8));
            byte[] answer = new byte[12];
            assertThat(socket.getInputStream().readNBytes(answer, 0, 12)).isEqualTo(12);
            assertThat(new String(answer, StandardCharsets.UTF_8)).isEqualTo("HTTP/1.1 408");
        }
        assertThat(versions()).isEmpty();
    }

    @Test
    void aGatewayThatAsksFirstIsToldToGoOn() throws IOException {
        String body = body(gateway, data(project(1), "one"), "");
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(30_000);
            String head = head(gateway, body.length());
            socket.getOutputStream()
                    .write((head.substring(0, head.length() - 2) + "Expect: 100-continue\r\n\r\n")
                            .getBytes(StandardCharsets.UTF_8));
            byte[] interim = new byte[25];
            assertThat(socket.getInputStream().readNBytes(interim, 0, 25)).isEqualTo(25);
            assertThat(new String(interim, StandardCharsets.UTF_8)).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
            socket.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
            byte[] answer = new byte[12];
            assertThat(socket.getInputStream().readNBytes(answer, 0, 12)).isEqualTo(12);
            assertThat(new String(answer, StandardCharsets.UTF_8)).isEqualTo("HTTP/1.1 200");
        }
    }

    @Test
    void aBodyThatIsLongerThanAnnouncedIsRefused() throws IOException {
        String body = body(gateway, data(project(1), "one"), "");
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write((head(gateway, body.length() - 1) + body).getBytes(StandardCharsets.UTF_8));
            byte[] answer = new byte[12];
            assertThat(socket.getInputStream().readNBytes(answer, 0, 12)).isEqualTo(12);
            assertThat(new String(answer, StandardCharsets.UTF_8)).isEqualTo("HTTP/1.1 400");
        }
        assertThat(versions()).isEmpty();
    }

    @Test
    void whatIsAnsweredIsOnDiskWhateverTheDatabasesDefault() {
        assertThat(pool.query("select setting || ' by ' || source from pg_settings where name = 'synchronous_commit'")
                        .executeAndAwait()
                        .iterator()
                        .next()
                        .getString(0))
                .isEqualTo("on by client");
    }

    @Test
    void countsWhatItDoes() {
        push(gateway, data(project(1), "one"), "").then().statusCode(200);
        push(gateway, "[]", "").then().statusCode(400);
        assertThat(Api.frontend().get("/q/metrics").asString())
                .contains("ganymede_snapshot_pushes_total{outcome=\"stored\"}")
                .contains("ganymede_snapshot_refused_total{kind=\"invalid-request\"}")
                .contains("ganymede_snapshot_received_bytes_total")
                .contains("ganymede_snapshot_written_bytes_total");
    }

    @Test
    void countsWhatIsTooMuchByItsKind() throws IOException {
        double overQuota = refused("quota-exceeded");
        double tooLarge = refused("payload-too-large");
        quota("{\"bytes\":1}").then().statusCode(200);
        push(gateway, data(project(1), "two"), "").then().statusCode(507);
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(head(gateway, Integer.MAX_VALUE).getBytes(StandardCharsets.UTF_8));
            byte[] answer = new byte[12];
            assertThat(socket.getInputStream().readNBytes(answer, 0, 12)).isEqualTo(12);
            assertThat(new String(answer, StandardCharsets.UTF_8)).isEqualTo("HTTP/1.1 413");
        }
        assertThat(refused("quota-exceeded")).isEqualTo(overQuota + 1);
        assertThat(refused("payload-too-large")).isEqualTo(tooLarge + 1);
    }

    /** So many pushes were, for this reason. */
    private static double refused(String kind) {
        String name = "ganymede_snapshot_refused_total{kind=\"" + kind + "\"} ";
        return Api.frontend()
                .get("/q/metrics")
                .asString()
                .lines()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length())))
                .sum();
    }

    /** A push that was let in, and whose end has not come yet. */
    private final class Late implements AutoCloseable {

        private final Socket socket = new Socket("127.0.0.1", port);
        private final String rest;

        Late(SimulatedGateway gateway, String data) throws IOException {
            String body = body(gateway, data, "");
            socket.setSoTimeout(20_000);
            rest = body.substring(body.length() - 1);
            String begin = head(gateway, body.length()) + "Connection: close\r\n\r\n";
            socket.getOutputStream()
                    .write((begin.replace("\r\n\r\nConnection", "\r\nConnection")
                                    + body.substring(0, body.length() - 1))
                            .getBytes(StandardCharsets.UTF_8));
            // it has its ticket before anything else happens: both ask the same database, in turn
            pull(gateway).then().statusCode(200);
        }

        String finish() throws IOException {
            socket.getOutputStream().write(rest.getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static String head(SimulatedGateway gateway, int length) {
        return "POST /gateway/data/push HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAuthorization: Bearer "
                + gateway.token() + "\r\nContent-Length: " + length + "\r\n\r\n";
    }

    private SimulatedGateway started(String wanted) {
        Api.start(wanted).then().statusCode(200);
        return world.gateways.serving(wanted).orElseThrow();
    }

    private List<String> versions() {
        return sql().column(
                        "select version from snapshot where organization_id = '" + organization + "' order by version");
    }

    private Sql sql() {
        return new Sql(dataSource);
    }

    private Response quota(String body) {
        return Api.frontend().body(body).put("/organizations/{id}/quota", organization);
    }

    private static String project(int number) {
        return new UUID(0x4000, 0x8000000000000000L + number).toString();
    }

    private static String hash(String state) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(state.getBytes(StandardCharsets.UTF_8)));
        } catch (java.security.NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String data(String project, String state) {
        return data(List.of(project + "=" + state));
    }

    private static String data(List<String> states) {
        return "{\"yjs_state\":{"
                + String.join(
                        ",",
                        states.stream()
                                .map(state -> "\"" + state.substring(0, 36) + "\":\""
                                        + Base64.getEncoder()
                                                .encodeToString(
                                                        state.substring(37).getBytes(StandardCharsets.UTF_8))
                                        + "\"")
                                .toList())
                + "}}";
    }

    private static Response push(SimulatedGateway gateway, String data, String more) {
        return Api.gateway(gateway.token()).body(body(gateway, data, more)).post("/gateway/data/push");
    }

    private static Response pushReference(SimulatedGateway gateway, String state) {
        return push(gateway, "{\"yjs_state\":{\"" + project(1) + "\":{\"sha256\":\"" + hash(state) + "\"}}}", "");
    }

    private static Response known(SimulatedGateway gateway, String... states) {
        return Api.gateway(gateway.token())
                .body(Map.of(
                        "organization_id", gateway.ids().get("organization_id"),
                        "gateway_id", gateway.ids().get("gateway_id"),
                        "sha256", Arrays.stream(states).map(PushIT::hash).toList()))
                .post("/gateway/data/known");
    }

    private static Response pull(SimulatedGateway gateway) {
        return Api.gateway(gateway.token()).body(gateway.ids()).post("/gateway/data/pull");
    }

    private static String body(SimulatedGateway gateway, String data, String more) {
        return "{\"organization_id\":\"" + gateway.ids().get("organization_id") + "\",\"gateway_id\":\""
                + gateway.ids().get("gateway_id") + "\",\"timestamp\":\"2025-01-15T10:30:00Z\"" + more + ",\"data\":"
                + data
                + "}";
    }
}
