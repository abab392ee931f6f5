package dev.ganymede.service;

import static dev.ganymede.world.Api.frontend;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.ganymede.container.ContainerSpec;
import dev.ganymede.container.CreateResult;
import dev.ganymede.id.LifeId;
import dev.ganymede.pool.PoolReconciler;
import dev.ganymede.world.Api;
import dev.ganymede.world.Sql;
import dev.ganymede.world.TestDatabase;
import dev.ganymede.world.World;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class PoolIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String TYPES = "https://ganymede.dev/problems/";

    @Inject
    World world;

    @Inject
    DataSource dataSource;

    @Inject
    PoolReconciler reconciler;

    private Sql sql;

    @BeforeEach
    void threeAreReady() throws SQLException {
        sql = new Sql(dataSource);
        world.reset();
        if (!names().equals(List.of("gw-pool-0", "gw-pool-1", "gw-pool-2"))) {
            // the highest numbers leave, the lowest free ones come: these tests call members by their names
            resize(Map.of("min", 1, "max", 1));
            world.awaitReady(1);
            resize(Map.of("min", 3, "max", 3));
            world.awaitReady(3);
        }
    }

    private List<String> names() {
        return pool().getList("gateways.name");
    }

    @AfterEach
    void asConfigured() throws SQLException {
        sql.execute("delete from revival");
        sql.execute("update gateway set cordoned = false, recycle = false");
        post("/resume", Map.of());
        resize(Map.of("buffer", 1, "min", 3, "max", 3));
        reconciler.start();
    }

    @Test
    void growsAtOnceAndShrinksAfterTheCoolDown() {
        resize(Map.of("min", 5, "max", 9)).then().statusCode(200).body("min", equalTo(5), "desired", equalTo(5));
        world.awaitReady(5);
        resize(Map.of("min", 3)).then().body("desired", equalTo(3));
        await().atMost(PATIENCE).until(() -> sql.value("select surplus_since from pool_settings") != null);
        world.awaitReady(5);
        world.clock.advance(Duration.ofMinutes(5));
        world.awaitReady(3);
        await().atMost(PATIENCE).until(() -> sql.value("select surplus_since from pool_settings") == null);
    }

    @Test
    void aboveTheMaxIdleOnesLeaveAtOnce() {
        post("/create", Map.of("count", 1)).then().statusCode(409).body("type", equalTo(TYPES + "pool-limit"));
        resize(Map.of("max", 5));
        post("/create", Map.of("count", 2)).then().statusCode(200).body("min", equalTo(5));
        world.awaitReady(5);
        resize(Map.of("min", 3, "max", 3));
        world.awaitReady(3);
    }

    @Test
    void nobodysAdditionIsLostWhenTwoAddAtTheSameTime() {
        post("/pause", Map.of());
        resize(Map.of("max", 20));
        IntStream.range(0, 10)
                .parallel()
                .forEach(call -> post("/create", Map.of("count", 1)).then().statusCode(200));
        assertThat(pool().getInt("min")).isEqualTo(13);
    }

    @Test
    void keepsABufferReadyBesidesThoseInUse() {
        resize(Map.of("buffer", 2, "max", 9));
        for (int i = 0; i < 3; i++) {
            Api.start(Api.organization("Company " + i)).then().statusCode(200);
        }
        await().atMost(PATIENCE).until(() -> pool().getInt("totals.ready") == 2);
        assertThat(pool().getInt("totals.allocated")).isEqualTo(3);
        assertThat(pool().getInt("desired")).isEqualTo(5);
    }

    @Test
    void refusesSizesThatMakeNoSense() {
        resize(Map.of()).then().statusCode(400);
        resize(Map.of("buffer", -1)).then().statusCode(400).body("field", equalTo("buffer"));
        resize(Map.of("max", 0)).then().statusCode(400).body("field", equalTo("max"));
        resize(Map.of("min", 4)).then().statusCode(400).body("field", equalTo("min"));
        resize(Map.of("max", 2)).then().statusCode(400).body("field", equalTo("max"));
        post("/create", Map.of("count", 0)).then().statusCode(400);
        assertThat(pool().getInt("max")).isEqualTo(3);
    }

    @Test
    void makesNothingWhilePausedAndServesOn() {
        post("/pause", Map.of("reason", "moving the engine"))
                .then()
                .statusCode(200)
                .body("paused", equalTo(true), "paused_reason", equalTo("moving the engine"));
        world.containers.killByName("gw-pool-0");
        reconciler.signal();
        await().atMost(PATIENCE).until(() -> "UNHEALTHY".equals(member("gw-pool-0", "state")));
        String organization = Api.organization("Company A");
        Api.start(organization).then().statusCode(200);
        Api.stop(organization).then().statusCode(200);
        assertThat(pool().getInt("totals.ready")).isEqualTo(1);
        post("/resume", Map.of()).then().body("paused", equalTo(false), "paused_reason", nullValue());
        world.awaitReady(3);
    }

    @Test
    void backsOffFromACreationThatKeepsFailingAndShowsWhy() {
        for (int i = 0; i < 3; i++) {
            world.containers.answerNextCreate(new CreateResult.Refused("no space left on device"));
        }
        world.containers.killByName("gw-pool-1");
        await().atMost(PATIENCE)
                .until(() -> this.<Integer>member("gw-pool-1", "failures") != null
                        && this.<Integer>member("gw-pool-1", "failures") >= 3);
        assertThat(this.<String>member("gw-pool-1", "reason")).isEqualTo("no space left on device");
        assertThat(this.<String>member("gw-pool-1", "retry_at")).isNotNull();
        assertThat(this.<String>member("gw-pool-1", "state")).isEqualTo("CREATING");
        world.clock.advance(Duration.ofSeconds(20));
        world.awaitReady(3);
        assertThat(this.<String>member("gw-pool-1", "retry_at")).isNull();
    }

    @Test
    void nothingComesToACordonedGateway() {
        order("gw-pool-0", "cordon").then().statusCode(200);
        order(member("gw-pool-1", "gateway_id"), "cordon").then().statusCode(200);
        order("gw-pool-0", "cordon").then().statusCode(200);
        String organization = Api.organization("Company A");
        Api.start(organization).then().statusCode(200);
        assertThat(world.member(organization).orElseThrow().getString("name")).isEqualTo("gw-pool-2");
        Api.start(Api.organization("Company B")).then().statusCode(503);
        order("gw-pool-1", "uncordon").then().statusCode(200);
        Api.start(Api.organization("Company B")).then().statusCode(200);
        order("gw-pool-99", "cordon").then().statusCode(404).body("type", equalTo(TYPES + "gateway-not-found"));
    }

    @Test
    void aDrainedGatewayIsEmptiedAndItsOrganizationWaitsForAnotherOne() {
        String organization = Api.organization("Company A");
        Api.start(organization).then().statusCode(200);
        String name = world.member(organization).orElseThrow().getString("name");
        LifeId life = life(name).orElseThrow();
        order(name, "drain").then().statusCode(200);
        await().atMost(PATIENCE)
                .until(() ->
                        "READY".equals(member(name, "state")) && !life(name).equals(Optional.of(life)));
        assertThat(this.<String>member(name, "organization_id")).isNull();
        assertThat(this.<Boolean>member(name, "cordoned")).isTrue();
        assertThat(this.<Boolean>member(name, "recycle")).isFalse();
        // in the queue, or out of it by being served by another one
        await().atMost(PATIENCE)
                .until(() -> sql.value("select (select count(*) from revival where organization_id = '" + organization
                                + "') + (select count(*) from allocation where state = 'SERVING' and generation > 1"
                                + " and organization_id = '" + organization + "')")
                        .equals("1"));
    }

    @Test
    void recyclingAReadyGatewayReplacesItsContainerOnce() {
        LifeId before = life("gw-pool-0").orElseThrow();
        order("gw-pool-0", "recycle").then().statusCode(200);
        await().atMost(PATIENCE)
                .until(() ->
                        life("gw-pool-0").filter(life -> !life.equals(before)).isPresent());
        world.awaitReady(3);
        assertThat(this.<Boolean>member("gw-pool-0", "recycle")).isFalse();
    }

    @Test
    void aProcessThatDoesNotLeadBeginsNothing() {
        reconciler.stop();
        world.containers.killByName("gw-pool-0");
        reconciler.signal();
        await().during(Duration.ofSeconds(2)).atMost(PATIENCE).until(() -> life("gw-pool-0")
                .isEmpty());
        reconciler.start();
        await().atMost(PATIENCE).until(() -> life("gw-pool-0").isPresent());
        world.awaitReady(3);
    }

    @Test
    void everyOperationNeedsTheKey() {
        for (String path : new String[] {"/pause", "/resize", "/gw-pool-0/drain", "/upgrade", "/upgrade/stop"}) {
            Api.gateway("nobody")
                    .body(Map.of())
                    .post("/gateway/pool" + path)
                    .then()
                    .statusCode(401)
                    .body("type", endsWith("unauthorized"));
        }
        Api.pool().then().body("gateways.cordoned", not(hasItem(true)), "paused_since", nullValue());
        Api.pool().then().body("buffer", notNullValue());
    }

    private Response resize(Map<String, Integer> size) {
        return post("/resize", size);
    }

    private Response order(String gateway, String order) {
        return post("/" + gateway + "/" + order, Map.of());
    }

    private static Response post(String path, Object body) {
        return frontend().body(body).post("/gateway/pool" + path);
    }

    private static JsonPath pool() {
        return Api.pool().jsonPath();
    }

    private <T> T member(String name, String field) {
        return pool().get("gateways.find { it.name == '" + name + "' }." + field);
    }

    private Optional<LifeId> life(String name) {
        return world.containers.running().stream()
                .filter(spec -> spec.name().equals(name))
                .map(ContainerSpec::life)
                .findFirst();
    }
}
