package dev.ganymede.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.nullValue;

import dev.ganymede.id.OrganizationId;
import dev.ganymede.snapshot.VersionFixture.Data;
import dev.ganymede.world.Api;
import dev.ganymede.world.SimulatedGateway;
import dev.ganymede.world.Sql;
import dev.ganymede.world.TestDatabase;
import dev.ganymede.world.World;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a gateway gets: byte for byte what was pushed, or the last version that still is, and never half of anything. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class PullServiceIT {

    private static final int MIB = 1024 * 1024;

    @Inject
    World world;

    @Inject
    DataSource dataSource;

    @Inject
    VersionFixture versions;

    @Inject
    PullConfig config;

    @Inject
    Damage damage;

    @ConfigProperty(name = "quarkus.http.test-port")
    int port;

    private final HttpClient http = HttpClient.newHttpClient();
    private String organization;
    private SimulatedGateway gateway;

    @BeforeEach
    void oneIsServed() {
        world.reset();
        organization = Api.organization("Company A");
        Api.start(organization).then().statusCode(200);
        gateway = world.gateways.serving(organization).orElseThrow();
    }

    @Test
    void aNewOrganizationHasNothing() {
        pull().then()
                .statusCode(200)
                .body("success", equalTo(true))
                .body("timestamp", nullValue())
                .body("data", nullValue())
                .body("version", nullValue())
                .body("lineage", equalTo(0))
                .body("recoverable", empty());
    }

    @Test
    void theHeadComesBackByteForByte() throws Exception {
        byte[] twice = VersionFixture.bytes(7);
        Data data = Data.of(VersionFixture.bytes(1), VersionFixture.bytes(2), twice, new byte[0], twice);
        versions.push(organization, Data.of(VersionFixture.bytes(10)));
        versions.push(organization, data);
        assertThat(answer()).isEqualTo(whole(data, 2));
    }

    @Test
    void largeProjectsComeBackByteForByte() throws Exception {
        Data data = Data.of(
                VersionFixture.bytes(MIB),
                VersionFixture.bytes(MIB + 1),
                VersionFixture.bytes(30),
                VersionFixture.bytes(5 * MIB - 1),
                VersionFixture.bytes(3 * 192 * 1024),
                VersionFixture.bytes(2 * MIB));
        versions.push(organization, data);
        // not by assertThat: its message would have fifteen million characters
        assertThat(answer().equals(whole(data, 1))).isTrue();
    }

    @Test
    void anOrganizationWithoutProjectsComesBackToo() throws Exception {
        Data none = new Data(Map.of(), null);
        versions.push(organization, none);
        assertThat(answer()).isEqualTo(whole(none, 1));
        Data stateOnly = new Data(Map.of(), "{ \"a\" : 1 }");
        versions.push(organization, stateOnly);
        assertThat(answer()).isEqualTo(whole(stateOnly, 2));
    }

    @Test
    void damageThatShowsAtOnceCostsNothingButTheNewestVersion() throws Exception {
        List<String> log = logOf(Damage.class);
        double before = metric("ganymede_snapshot_damaged_found_total");
        Data good = Data.of(VersionFixture.bytes(100));
        Data bad = good.with(good.project(0), VersionFixture.bytes(100));
        versions.push(organization, good);
        versions.push(organization, bad);
        versions.damage(bad.projects().get(bad.project(0)));
        for (int pull = 1; pull <= 2; pull++) {
            pull().then().statusCode(200).body("version", equalTo(1)).body("damaged", equalTo(2));
        }
        assertThat(log).hasSize(1);
        assertThat(log.get(0)).contains(organization, "version 2 is damaged");
        assertThat(metric("ganymede_snapshot_damaged_found_total") - before).isEqualTo(1);
        Api.frontend()
                .get("/organizations/{id}/snapshots", organization)
                .then()
                .body("snapshots.damaged", contains(true, false));
        Api.frontend()
                .get("/q/health/ready")
                .then()
                .statusCode(200)
                .body("checks.find { it.name == 'snapshots' }.data.damaged_blobs", equalTo(damagedBlobs()));
        await().untilAsserted(() -> Api.frontend()
                .get("/organizations/{id}/timeline", organization)
                .then()
                .body("events.stage", hasItem("DATA_DAMAGED")));
    }

    @Test
    void damageInTheMiddleCutsTheAnswerAndTheNextPullGivesTheLastGoodVersion() throws Exception {
        List<String> log = logOf(Damage.class);
        Data good = Data.of(VersionFixture.bytes(100), VersionFixture.bytes(100));
        Data bad = good.with(good.project(1), VersionFixture.bytes(12 * MIB));
        versions.push(organization, good);
        versions.push(organization, bad);
        versions.damage(bad.projects().get(bad.project(1)));
        assertThatThrownBy(this::answer).isInstanceOf(IOException.class);
        assertThat(log).hasSize(1);
        pull().then().statusCode(200).body("version", equalTo(1)).body("damaged", equalTo(2));
        // the next push of the same content mends it
        versions.store(bad);
        assertThat(answer().equals(whole(bad, 2))).isTrue();
    }

    @Test
    void insteadOfARestoreItIsRatherWhatWasThereBefore() throws Exception {
        Data good = Data.of(VersionFixture.bytes(100));
        Data bad = good.with(good.project(0), VersionFixture.bytes(101));
        versions.push(organization, good);
        versions.push(organization, bad);
        versions.push(organization, good.with(good.project(0), VersionFixture.bytes(102)));
        paused(() -> {
            Api.frontend()
                    .post("/organizations/" + organization + "/snapshots/2/restore")
                    .then()
                    .statusCode(202);
            versions.damage(bad.projects().get(bad.project(0)));
            pull().then().statusCode(200).body("version", equalTo(1)).body("damaged", equalTo(4));
            await().untilAsserted(() -> Api.frontend()
                    .get("/organizations/{id}/timeline", organization)
                    .then()
                    .body(
                            "events.failure",
                            hasItem("version 1, of before the restore, is given instead of version 4")));
        });
    }

    @Test
    void whatWasMendedWhileSomebodyReadItIsNotMarkedAgain() {
        byte[] small = VersionFixture.bytes(100);
        byte[] large = VersionFixture.bytes(3 * MIB);
        Data data = Data.of(small, large);
        long number = versions.push(organization, data);
        int before = damagedBlobs();
        assertThat(found(data, number, small)).isEqualTo(Damage.Verdict.MENDED);
        assertThat(found(data, number, large)).isEqualTo(Damage.Verdict.MENDED);
        assertThat(damagedBlobs()).isEqualTo(before);
        versions.damage(large);
        assertThat(found(data, number, large)).isEqualTo(Damage.Verdict.DAMAGED);
        assertThat(found(data, number, large)).as("the second time").isEqualTo(Damage.Verdict.DAMAGED);
        assertThat(found(data, number + 1, large)).isEqualTo(Damage.Verdict.GONE);
        assertThat(damagedBlobs()).isEqualTo(before + 1);
    }

    @Test
    void whenNoVersionCanBeReadNothingIsGiven() throws Exception {
        Data data = Data.of(VersionFixture.bytes(100), VersionFixture.bytes(100));
        versions.push(organization, data);
        versions.push(organization, data.with(data.project(1), VersionFixture.bytes(50)));
        versions.damage(data.projects().get(data.project(0)));
        pull().then()
                .statusCode(500)
                .contentType("application/problem+json")
                .body("type", endsWith("/snapshot-damaged"));
    }

    @Test
    void aMissingPartIsDamageToo() throws Exception {
        List<String> log = logOf(Damage.class);
        double before = metric("ganymede_snapshot_damaged_found_total");
        Data data = Data.of(VersionFixture.bytes(100), VersionFixture.bytes(100));
        versions.push(organization, data);
        versions.push(organization, data.with(data.project(1), VersionFixture.bytes(50)));
        new Sql(dataSource)
                .execute("delete from snapshot_part where organization_id = '" + organization
                        + "' and version = 2 and position = 1");
        for (int pull = 1; pull <= 2; pull++) {
            pull().then().statusCode(200).body("version", equalTo(1)).body("damaged", equalTo(2));
        }
        assertThat(log).hasSize(1);
        assertThat(metric("ganymede_snapshot_damaged_found_total") - before).isEqualTo(1);
        Api.frontend()
                .get("/organizations/{id}/snapshots", organization)
                .then()
                .body("snapshots.damaged", contains(true, false));
    }

    @Test
    void aHeadThatIsNotThereIsNoNewOrganization() throws Exception {
        List<String> log = logOf(Damage.class);
        Data data = Data.of(VersionFixture.bytes(100));
        versions.push(organization, data);
        versions.push(organization, data.with(data.project(0), VersionFixture.bytes(50)));
        Sql sql = new Sql(dataSource);
        sql.execute("delete from snapshot where organization_id = '" + organization + "' and version = 2");
        pull().then().statusCode(200).body("version", equalTo(1)).body("damaged", equalTo(2));
        assertThat(log).hasSize(1);
        sql.execute("delete from snapshot where organization_id = '" + organization + "'");
        pull().then().statusCode(500).body("type", endsWith("/snapshot-damaged"));
    }

    @Test
    void aBlobThatIsNotThereIsDamage() throws Exception {
        List<String> log = logOf(Damage.class);
        Data data = Data.of(VersionFixture.bytes(100));
        Data lost = data.with(data.project(0), VersionFixture.bytes(50));
        versions.push(organization, data);
        versions.push(organization, lost);
        deleteBehindTheKeys(
                "blob where sha256 = '\\x" + Sha256.hash(lost.projects().get(lost.project(0))) + "'");
        pull().then().statusCode(200).body("version", equalTo(1)).body("damaged", equalTo(2));
        assertThat(log).hasSize(1);
        Api.frontend()
                .get("/organizations/{id}/snapshots/2", organization)
                .then()
                .statusCode(200)
                .body("snapshot.damaged", equalTo(true))
                .body("projects.damaged", contains(true));
    }

    @Test
    void onlyWholeVersionsAreSeenWhileNewOnesAreWritten() throws Exception {
        Data first = Data.of(same(0), same(0), same(0));
        versions.push(organization, first);
        CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
            for (int marker = 1; marker <= 40; marker++) {
                Data next = first;
                for (int project = 0; project < 3; project++) {
                    next = next.with(first.project(project), same(marker));
                }
                versions.push(organization, next);
            }
        });
        do {
            Map<String, String> states = pull().jsonPath().getMap("data.yjs_state", String.class, String.class);
            assertThat(states).hasSize(3);
            assertThat(states.values()).containsOnly(states.values().iterator().next());
        } while (!writing.isDone());
        writing.join();
        pull().then().body("version", equalTo(41));
    }

    @Test
    void whoLeavesInTheMiddleFreesTheirTurn() throws Exception {
        Data data = Data.of(VersionFixture.bytes(24 * MIB));
        versions.push(organization, data);
        for (int client = 0; client < 2 * config.maxConcurrent(); client++) {
            try (Socket socket = asked()) {
                assertThat(socket.getInputStream().readNBytes(1_000)).hasSize(1_000);
            }
        }
        assertThat(answer().equals(whole(data, 1))).isTrue();
    }

    @Test
    void whoStandsStillIsCutOff() throws Exception {
        List<String> log = logOf(BodyWriter.class);
        versions.push(organization, Data.of(VersionFixture.bytes(24 * MIB)));
        try (Socket socket = asked()) {
            assertThat(socket.getInputStream().readNBytes(1_000)).hasSize(1_000);
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(log).anyMatch(line -> line.contains("nothing was taken")));
        }
    }

    @Test
    void whoReadsSlowlyIsNotSentMoreThanTheyTake() throws Exception {
        Data data = Data.of(VersionFixture.bytes(24 * MIB));
        versions.push(organization, data);
        try (Socket socket = asked()) {
            assertThat(socket.getInputStream().readNBytes(1_000)).hasSize(1_000);
            // the others have theirs meanwhile
            CompletableFuture<Integer> other = CompletableFuture.supplyAsync(() -> Api.frontend()
                    .get("/organizations/{id}/snapshots/1/data", organization)
                    .statusCode());
            ByteArrayOutputStream rest = new ByteArrayOutputStream();
            await().atMost(Duration.ofSeconds(50)).until(() -> {
                rest.write(socket.getInputStream().readNBytes(50_000));
                return other.isDone();
            });
            assertThat(other.join()).isEqualTo(200);
            rest.write(socket.getInputStream().readAllBytes());
            assertThat(rest.toString(StandardCharsets.US_ASCII).endsWith(data.gatewayState() + "}}"))
                    .isTrue();
        }
    }

    @Test
    void aRescuedVersionIsOfferedUntilItIsMergedAndGivenByItsNumber() throws Exception {
        Data head = Data.of(VersionFixture.bytes(10));
        Data unsent = head.with(head.project(0), VersionFixture.bytes(11));
        versions.push(organization, head);
        versions.push(organization, head.with(head.project(0), VersionFixture.bytes(12)));
        versions.rescue(organization, unsent);
        pull().then().body("version", equalTo(2)).body("recoverable", contains(3));
        assertThat(pull(3).jsonPath().getMap("data.yjs_state")).hasSize(1);
        assertThat(pull(3).asString()).contains(unsent.json());
        pull(2).then().statusCode(200).body("version", equalTo(2));
        for (long other : new long[] {1, 4}) {
            pull(other).then().statusCode(404).body("type", endsWith("/snapshot-not-found"));
        }
        pull(0).then().statusCode(400);
        new Sql(dataSource)
                .execute("update snapshot set merged_at = now() where kind = 'RESCUE' and organization_id = '"
                        + organization + "'");
        pull().then().body("recoverable", empty());
    }

    @Test
    void whatWasRescuedBeforeARestoreIsNotOfferedAndSaysWhatItIs() throws Exception {
        Data head = Data.of(VersionFixture.bytes(10));
        Data unsent = head.with(head.project(0), VersionFixture.bytes(11));
        versions.push(organization, head);
        versions.rescue(organization, unsent);
        pull().then().body("recoverable", contains(2)).body("lineage", equalTo(0));
        paused(() -> {
            Api.frontend()
                    .post("/organizations/" + organization + "/snapshots/1/restore")
                    .then()
                    .statusCode(202);
            pull().then()
                    .body("version", equalTo(3))
                    .body("recoverable", empty())
                    .body("lineage", equalTo(1));
            pull(2).then().statusCode(200).body("lineage", equalTo(0));
            pull(3).then().statusCode(200).body("lineage", equalTo(1));
        });
    }

    @Test
    void tokensOpenTheirOwnDataOnlyAndOnlyWhileTheyLive() throws Exception {
        versions.push(organization, Data.of(VersionFixture.bytes(10)));
        Api.gateway("not-a-token")
                .body(gateway.ids())
                .post("/gateway/data/pull")
                .then()
                .statusCode(401);
        Map<String, String> foreign = new HashMap<>(gateway.ids());
        foreign.put("organization_id", UUID.randomUUID().toString());
        Api.gateway(gateway.token())
                .body(foreign)
                .post("/gateway/data/pull")
                .then()
                .statusCode(403);
        gateway.leave();
        pull().then().statusCode(409).body("type", endsWith("/stale-generation"));
        pull(1).then().statusCode(409).body("type", endsWith("/stale-generation"));
    }

    /** The gateway stays though it is to be replaced. */
    private static void paused(Runnable work) {
        Api.frontend().body(Map.of()).post("/gateway/pool/pause").then().statusCode(200);
        try {
            work.run();
        } finally {
            Api.frontend().body(Map.of()).post("/gateway/pool/resume").then().statusCode(200);
        }
    }

    private Response pull() {
        return Api.gateway(gateway.token()).body(gateway.ids()).post("/gateway/data/pull");
    }

    private Response pull(long version) {
        Map<String, Object> body = new HashMap<>(gateway.ids());
        body.put("version", version);
        return Api.gateway(gateway.token()).body(body).post("/gateway/data/pull");
    }

    /** The whole body, by a client that insists on the announced length. */
    private String answer() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/gateway/data/pull"))
                .header("Authorization", "Bearer " + gateway.token())
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(ids()))
                .build();
        HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
        assertThat(answer.headers().firstValueAsLong("content-length"))
                .hasValue(answer.body().length());
        return answer.body();
    }

    private Socket asked() throws IOException {
        Socket socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(20_000);
        String head = "POST /gateway/data/pull HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                + "Connection: close\r\nAuthorization: Bearer " + gateway.token() + "\r\nContent-Length: "
                + ids().length() + "\r\n\r\n" + ids();
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
        return socket;
    }

    private String ids() {
        return "{\"organization_id\":\"" + organization + "\",\"gateway_id\":\""
                + gateway.ids().get("gateway_id") + "\"}";
    }

    private static String whole(Data data, long version) {
        return "{\"success\":true,\"timestamp\":\"2025-01-15T10:30:00Z\",\"version\":" + version + ",\"digest\":\""
                + data.manifest().digest() + "\",\"lineage\":0,\"recoverable\":[],\"data\":" + data.json() + "}";
    }

    private static byte[] same(int marker) {
        byte[] bytes = new byte[1_000];
        java.util.Arrays.fill(bytes, (byte) marker);
        return bytes;
    }

    /** As a disk does it: no foreign key is looked at. */
    private void deleteBehindTheKeys(String what) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("set session_replication_role = replica");
            statement.execute("delete from " + what);
            statement.execute("reset session_replication_role");
        }
    }

    /** As by a reader who has old bytes of it. */
    private Damage.Verdict found(Data data, long number, byte[] content) {
        Manifest manifest = data.manifest();
        Version version = new Version(
                OrganizationId.parse(organization),
                number,
                0,
                VersionFixture.TAKEN_AT,
                manifest.digest(),
                manifest,
                false);
        return damage.found(version, new DamagedBlobException(Sha256.hash(content), "is old"))
                .await()
                .atMost(Duration.ofSeconds(30));
    }

    private int damagedBlobs() {
        return Integer.parseInt(new Sql(dataSource).value("select count(*) from blob where damaged_at is not null"));
    }

    private static double metric(String name) {
        return Api.frontend()
                .get("/q/metrics")
                .asString()
                .lines()
                .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** What the class logs from now on. */
    private static List<String> logOf(Class<?> type) {
        List<String> messages = new CopyOnWriteArrayList<>();
        Logger.getLogger(type.getName()).addHandler(new Handler() {
            @Override
            public void publish(LogRecord record) {
                messages.add(record.getMessage()
                        .formatted(record.getParameters() == null ? new Object[0] : record.getParameters()));
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        });
        return messages;
    }
}
