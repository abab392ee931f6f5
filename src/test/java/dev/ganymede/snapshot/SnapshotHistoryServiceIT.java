package dev.ganymede.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.ganymede.id.ProjectId;
import dev.ganymede.snapshot.VersionFixture.Data;
import dev.ganymede.world.Api;
import dev.ganymede.world.SimulatedGateway;
import dev.ganymede.world.Sql;
import dev.ganymede.world.TestDatabase;
import dev.ganymede.world.World;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Looking back, and going back: nothing that was stored is ever lost by it. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class SnapshotHistoryServiceIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Inject
    World world;

    @Inject
    DataSource dataSource;

    @Inject
    VersionFixture versions;

    private String organization;

    @BeforeEach
    void oneExists() {
        world.reset();
        organization = Api.organization("Company A");
    }

    @Test
    void versionsAreListedNewestFirstInPages() {
        list("").then().statusCode(200).body("snapshots", empty()).body("next", nullValue());
        Data data = Data.of(VersionFixture.bytes(10), VersionFixture.bytes(20));
        for (int version = 1; version <= 5; version++) {
            versions.push(organization, data.with(data.project(0), VersionFixture.bytes(version)));
        }
        list("?limit=2")
                .then()
                .body("snapshots.version", contains(5, 4))
                .body("snapshots.head", contains(true, false))
                .body("snapshots.projects", contains(2, 2))
                .body("snapshots.kind", contains("PUSH", "PUSH"))
                .body("snapshots.damaged", contains(false, false))
                .body("snapshots[0].digest", equalTo(shown("head").path("snapshot.digest")))
                .body("snapshots[0].taken_at", equalTo("2025-01-15T10:30:00Z"))
                .body("next", equalTo(4));
        list("?limit=2&before=4")
                .then()
                .body("snapshots.version", contains(3, 2))
                .body("next", equalTo(2));
        list("?limit=2&before=2").then().body("snapshots.version", contains(1)).body("next", nullValue());
    }

    @Test
    void nonsenseIsRefused() {
        versions.push(organization, Data.of(VersionFixture.bytes(10)));
        for (String query : List.of("?limit=0", "?limit=201", "?limit=x", "?before=x", "?before=-1", "?before=0")) {
            list(query).then().statusCode(400).body("type", endsWith("/invalid-request"));
        }
        for (String version : List.of("0", "-1", "x", "01", "1e3", "9999999999999999999", "HEAD")) {
            shown(version).then().statusCode(400);
            restore(version).then().statusCode(400);
        }
        shown("2").then().statusCode(404).body("type", endsWith("/snapshot-not-found"));
        diff("1", "2").then().statusCode(404);
        restore("2").then().statusCode(404);
        at("/1/diff").then().statusCode(400);
        Api.frontend()
                .get("/organizations/{id}/snapshots", UUID.randomUUID())
                .then()
                .statusCode(404)
                .body("type", endsWith("/organization-not-found"));
        RestAssured.get("/organizations/{id}/snapshots/1/data", organization)
                .then()
                .statusCode(401);
        RestAssured.post("/organizations/{id}/snapshots/1/restore", organization)
                .then()
                .statusCode(401);
    }

    @Test
    void anOrganizationWithoutDataHasNoHead() {
        shown("head").then().statusCode(404).body("type", endsWith("/snapshot-not-found"));
        restore("head").then().statusCode(404);
    }

    @Test
    void aVersionShowsItsProjectsAndSinceWhenTheyAreAsTheyAre() {
        ProjectId roadmap = ProjectId.parse(Api.project(organization, "Roadmap"));
        ProjectId deleted = new ProjectId(UUID.randomUUID());
        byte[] state = VersionFixture.bytes(10);
        Data data = new Data(Map.of(roadmap, state), "{}").with(deleted, VersionFixture.bytes(20));
        versions.push(organization, data);
        versions.push(organization, data.with(deleted, VersionFixture.bytes(21)));
        Response first = shown("1");
        first.then()
                .body("projects", hasSize(2))
                .body("projects[0].project_id", equalTo(roadmap.toString()))
                .body("projects[0].name", equalTo("Roadmap"))
                .body("projects[0].sha256", equalTo(Sha256.hash(state).hex()))
                .body("projects[0].size_bytes", equalTo(10))
                .body("projects[1].name", nullValue())
                .body("gateway_state.size_bytes", equalTo(2));
        shown("head")
                .then()
                .body("snapshot.version", equalTo(2))
                .body("projects[0].changed_at", equalTo(first.path("projects[0].changed_at")))
                .body("projects[1].changed_at", not(equalTo(first.path("projects[1].changed_at"))));
    }

    @Test
    void whatChangedIsToldProjectByProject() {
        Data before = Data.of(VersionFixture.bytes(1), VersionFixture.bytes(2), VersionFixture.bytes(3));
        ProjectId added = new ProjectId(UUID.randomUUID());
        Data after = before.with(before.project(1), VersionFixture.bytes(22))
                .without(before.project(2))
                .with(added, VersionFixture.bytes(4));
        versions.push(organization, before);
        versions.push(organization, after);
        diff("1", "head")
                .then()
                .statusCode(200)
                .body("from.version", equalTo(1))
                .body("to.version", equalTo(2))
                .body("projects.change", contains("same", "changed", "added", "removed"))
                .body("projects[1].from.size_bytes", equalTo(2))
                .body("projects[1].to.size_bytes", equalTo(22))
                .body("projects[2].project_id", equalTo(added.toString()))
                .body("projects[2].from", nullValue())
                .body("projects[3].to", nullValue())
                .body("gateway_state.change", equalTo("same"));
        diff("2", "1").then().body("projects.change", contains("same", "changed", "added", "removed"));
        diff("1", "1").then().body("projects.change", contains("same", "same", "same"));
    }

    @Test
    void aVersionIsDownloadedAsItWasPushed() {
        Data data = Data.of(VersionFixture.bytes(100), VersionFixture.bytes(3_000_000));
        versions.push(organization, data);
        versions.push(organization, Data.of(VersionFixture.bytes(1)));
        Response download = at("/1/data");
        download.then()
                .statusCode(200)
                .header("Content-Disposition", containsString(organization + "-1.json"))
                .header("Content-Type", "application/json");
        assertThat(download.asString().equals(data.json())).isTrue();
        versions.damage(data.projects().get(data.project(0)));
        at("/1/data").then().statusCode(500).body("type", endsWith("/snapshot-damaged"));
        at("/1/data").then().statusCode(500).header("Content-Disposition", nullValue());
    }

    @Test
    void anIdleOrganizationIsRestored() {
        Data first = Data.of(VersionFixture.bytes(10));
        versions.push(organization, first);
        versions.push(organization, first.with(first.project(0), VersionFixture.bytes(11)));
        restore("1")
                .then()
                .statusCode(202)
                .body("version", equalTo(3))
                .body("source_version", equalTo(1))
                .body("lineage", equalTo(1))
                .body("gateway", nullValue());
        list("").then()
                .body("snapshots.version", contains(3, 2, 1))
                .body("snapshots.kind", contains("RESTORE", "PUSH", "PUSH"))
                .body("snapshots.source_version", contains(1, null, null))
                .body("snapshots.head", contains(true, false, false));
        SimulatedGateway gateway = started(organization);
        assertThat(gateway.pulled().path("version").asLong()).isEqualTo(3);
        assertThat(gateway.pulled().path("data").path("yjs_state").toString())
                .isEqualTo(new Data(first.projects(), null)
                        .json()
                        .replace("{\"yjs_state\":", "")
                        .replaceAll("}$", ""));
        // and what it pushes is the newest again
        push(gateway, "{\"yjs_state\":{}}").then().statusCode(200).body("version", equalTo(4));
        shown("head").then().body("snapshot.version", equalTo(4)).body("snapshot.lineage", equalTo(1));
        await().untilAsserted(() -> Api.frontend()
                .get("/organizations/{id}/timeline", organization)
                .then()
                .body("events.stage", hasItem("RESTORED")));
    }

    @Test
    void theNewestMayBeRestoredAndEachRestoreIsAVersion() {
        versions.push(organization, Data.of(VersionFixture.bytes(10)));
        restore("head").then().statusCode(202).body("version", equalTo(2)).body("lineage", equalTo(1));
        restore("1").then().statusCode(202).body("version", equalTo(3)).body("lineage", equalTo(2));
    }

    @Test
    void aRunningGatewayIsReplacedAndItsLatePushIsKeptButNotGivenToAnybody() {
        SimulatedGateway old = started(organization);
        push(old, state("Zmlyc3Q=")).then().statusCode(200).body("version", equalTo(1));
        push(old, state("c2Vjb25k")).then().statusCode(200).body("version", equalTo(2));
        Api.frontend().body(Map.of()).post("/gateway/pool/pause").then().statusCode(200);
        try {
            restore("1").then().statusCode(202).body("version", equalTo(3)).body("gateway", notNullValue());
            push(old, state("bGF0ZQ==")).then().statusCode(200).body("version", equalTo(4));
            list("").then().body("snapshots.head", contains(false, true, false, false));
        } finally {
            Api.frontend().body(Map.of()).post("/gateway/pool/resume").then().statusCode(200);
        }
        await().atMost(PATIENCE).until(() -> world.gateways
                .serving(organization)
                .filter(next -> next != old && next.pulled() != null)
                .map(next -> next.pulled().path("version").asLong())
                .filter(version -> version == 3)
                .isPresent());
        await().atMost(PATIENCE).until(() -> world.routed(organization));
        SimulatedGateway next = world.gateways.serving(organization).orElseThrow();
        push(next, state("bmV4dA==")).then().statusCode(200).body("version", equalTo(5));
        shown("head").then().body("snapshot.version", equalTo(5));
        assertThat(lineages()).isEqualTo("0,0,1,0,1");
        push(old, state("ZGVhZA==")).then().statusCode(409);
    }

    @Test
    void aStartDuringARestoreLoadsWhatWasRestored() throws Exception {
        versions.push(organization, Data.of(VersionFixture.bytes(10)));
        versions.push(organization, Data.of(VersionFixture.bytes(11)));
        CompletableFuture<Response> restored;
        CompletableFuture<Response> started;
        try (Connection other = dataSource.getConnection();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("select from snapshot_series where organization_id = '" + organization + "' for update");
            restored = CompletableFuture.supplyAsync(() -> restore("1"));
            await().atMost(PATIENCE).until(() -> waitingForALock() == 1);
            started = CompletableFuture.supplyAsync(() -> Api.start(organization));
            await().atMost(PATIENCE).until(() -> started.isDone() || waitingForALock() == 2);
            other.rollback();
        }
        restored.join().then().statusCode(202).body("version", equalTo(3)).body("gateway", nullValue());
        started.join().then().statusCode(200);
        SimulatedGateway gateway = world.gateways.serving(organization).orElseThrow();
        assertThat(gateway.pulled().path("version").asLong()).isEqualTo(3);
    }

    /** Whatever order they come in: each is a version, the later one is the newest, and one order to replace the gateway serves both. */
    @Test
    void ofTwoRestoresAtOnceBothAreStoredAndTheGatewayIsReplacedOnce() throws Exception {
        SimulatedGateway old = started(organization);
        push(old, state("Zmlyc3Q=")).then().statusCode(200).body("version", equalTo(1));
        push(old, state("c2Vjb25k")).then().statusCode(200).body("version", equalTo(2));
        Api.frontend().body(Map.of()).post("/gateway/pool/pause").then().statusCode(200);
        List<Response> restored;
        try {
            restored = bothAtOnce(() -> restore("1"), () -> restore("2"));
        } finally {
            Api.frontend().body(Map.of()).post("/gateway/pool/resume").then().statusCode(200);
        }
        for (Response one : restored) {
            one.then().statusCode(202).body("gateway", equalTo(old.spec().name()));
        }
        assertThat(restored.stream().map(one -> one.<Integer>path("version"))).containsExactlyInAnyOrder(3, 4);
        Response newest = restored.get(restored.get(0).<Integer>path("version") == 4 ? 0 : 1);
        newest.then().body("lineage", equalTo(2));
        int source = newest.path("source_version");
        list("").then()
                .body("snapshots.version", contains(4, 3, 2, 1))
                .body("snapshots.kind", contains("RESTORE", "RESTORE", "PUSH", "PUSH"))
                .body("snapshots.head", contains(true, false, false, false))
                .body("snapshots.source_version", contains(source, 3 - source, null, null));
        assertThat(lineages()).isEqualTo("0,0,1,2");
        await().atMost(PATIENCE).until(() -> world.gateways
                .serving(organization)
                .filter(next -> next != old && next.pulled() != null)
                .isPresent());
        SimulatedGateway next = world.gateways.serving(organization).orElseThrow();
        assertThat(next.pulled().path("version").asLong()).isEqualTo(4);
        assertThat(next.pulled().path("data").path("yjs_state").toString())
                .contains(source == 1 ? "Zmlyc3Q=" : "c2Vjb25k");
        await().atMost(PATIENCE).until(() -> new Sql(dataSource)
                .column("select name from gateway where recycle or state not in ('READY', 'ALLOCATED')")
                .isEmpty());
        assertThat(new Sql(dataSource)
                        .value("select count(*) from allocation where ended_reason = 'MOVED' and organization_id = '"
                                + organization + "'"))
                .isEqualTo("1");
        push(next, state("bmV4dA==")).then().statusCode(200).body("version", equalTo(5));
        for (int version = 1; version <= 5; version++) {
            at("/" + version + "/data").then().statusCode(200);
        }
    }

    @Test
    void aDamagedVersionIsNeitherRestoredNorCloned() {
        Data bad = Data.of(VersionFixture.bytes(10), VersionFixture.bytes(5_000_000));
        versions.push(organization, bad);
        versions.push(organization, Data.of(VersionFixture.bytes(11)));
        versions.damage(bad.projects().get(bad.project(1)));
        String other = Api.organization("Company B");
        restore("1").then().statusCode(500).body("type", endsWith("/snapshot-damaged"));
        copy("1", other).then().statusCode(500).body("type", endsWith("/snapshot-damaged"));
        list("").then().body("snapshots.version", contains(2, 1)).body("snapshots.damaged", contains(false, true));
        Api.frontend().get("/organizations/{id}/projects", other).then().body("projects", empty());
    }

    @Test
    void aVersionIsClonedWithItsProjectsButWithoutTheGatewaysState() {
        String named = Api.project(organization, "Roadmap");
        byte[] state = VersionFixture.bytes(10);
        versions.push(
                organization,
                new Data(Map.of(ProjectId.parse(named), state), "{\"permissions\":\"secret\"}")
                        .with(new ProjectId(UUID.randomUUID()), VersionFixture.bytes(20)));
        String other = Api.organization("Company B");
        Response cloned = copy("head", other);
        cloned.then()
                .statusCode(201)
                .header("Location", endsWith("/organizations/" + other + "/snapshots/1"))
                .body("organization_id", equalTo(other))
                .body("version", equalTo(1))
                .body("projects", hasSize(2))
                .body("projects[0].source_project_id", equalTo(named))
                .body("projects[0].name", equalTo("Roadmap"))
                .body("projects[0].project_id", not(equalTo(named)));
        Api.frontend()
                .get("/organizations/{id}/projects", other)
                .then()
                .body("projects.id", hasItem(cloned.<String>path("projects[0].project_id")))
                .body("projects", hasSize(2));
        Api.frontend()
                .get("/organizations/{id}/snapshots/1", other)
                .then()
                .body("snapshot.kind", equalTo("CLONE"))
                .body("snapshot.source_organization_id", equalTo(organization))
                .body("projects[0].sha256", equalTo(Sha256.hash(state).hex()))
                .body("gateway_state", nullValue());
        SimulatedGateway gateway = started(other);
        assertThat(gateway.pulled().path("data").path("yjs_state").size()).isEqualTo(2);
        assertThat(gateway.pulled().path("data").has("gateway_state")).isFalse();
    }

    @Test
    void onlyWhoHasNothingAndIsNotServedGetsAClone() {
        versions.push(organization, Data.of(VersionFixture.bytes(10)));
        copy("1", organization).then().statusCode(409).body("type", endsWith("/organization-not-empty"));
        String live = Api.organization("Company B");
        started(live);
        copy("1", live).then().statusCode(409).body("type", endsWith("/organization-live"));
        copy("1", UUID.randomUUID().toString())
                .then()
                .statusCode(404)
                .body("type", endsWith("/organization-not-found"));
        copy("1", "nobody").then().statusCode(400);
        copy("2", Api.organization("Company C")).then().statusCode(404).body("type", endsWith("/snapshot-not-found"));
    }

    private SimulatedGateway started(String whom) {
        Api.start(whom).then().statusCode(200);
        return world.gateways.serving(whom).orElseThrow();
    }

    /** Both are under way before one of them may commit. */
    private List<Response> bothAtOnce(Supplier<Response> one, Supplier<Response> other) throws Exception {
        try (Connection holder = dataSource.getConnection();
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.execute("select from snapshot_series where organization_id = '" + organization + "' for update");
            List<CompletableFuture<Response>> both =
                    List.of(CompletableFuture.supplyAsync(one), CompletableFuture.supplyAsync(other));
            await().atMost(PATIENCE).until(() -> waitingForALock() == 2);
            holder.rollback();
            return both.stream().map(CompletableFuture::join).toList();
        }
    }

    private long waitingForALock() {
        return Long.parseLong(new Sql(dataSource)
                .value("select count(*) from pg_stat_activity where datname = current_database()"
                        + " and wait_event_type = 'Lock' and query like '% for %update%'"));
    }

    private static Response push(SimulatedGateway gateway, String data) {
        return Api.gateway(gateway.token())
                .body("{\"organization_id\":\"" + gateway.ids().get("organization_id") + "\",\"gateway_id\":\""
                        + gateway.ids().get("gateway_id")
                        + "\",\"timestamp\":\"2025-01-15T10:30:00Z\",\"data\":" + data + "}")
                .post("/gateway/data/push");
    }

    private static String state(String base64) {
        return "{\"yjs_state\":{\"372cfcba-c295-4ade-a2f3-0f4b774e55d2\":\"" + base64 + "\"}}";
    }

    private Response list(String query) {
        return Api.frontend().get("/organizations/" + organization + "/snapshots" + query);
    }

    private Response shown(String version) {
        return at("/" + version);
    }

    private Response diff(String from, String to) {
        return at("/" + to + "/diff?from=" + from);
    }

    private Response at(String path) {
        return Api.frontend().get("/organizations/" + organization + "/snapshots" + path);
    }

    private Response restore(String version) {
        return Api.frontend().post("/organizations/" + organization + "/snapshots/" + version + "/restore");
    }

    private Response copy(String version, String target) {
        return Api.frontend()
                .body(Map.of("organization_id", target))
                .post("/organizations/" + organization + "/snapshots/" + version + "/clone");
    }

    private String lineages() {
        return new Sql(dataSource)
                .value("select string_agg(lineage::text, ',' order by version) from snapshot where organization_id = '"
                        + organization + "'");
    }
}
