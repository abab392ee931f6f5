package dev.ganymede.service;

import static dev.ganymede.world.Api.frontend;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;

import dev.ganymede.container.ContainerSpec;
import dev.ganymede.id.LifeId;
import dev.ganymede.world.Api;
import dev.ganymede.world.SimulatedGateways.Manner;
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
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class UpgradeIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Duration BEYOND_READY_TIMEOUT = Duration.ofSeconds(61);

    @Inject
    World world;

    @Inject
    DataSource dataSource;

    @BeforeEach
    void threeAreReady() throws SQLException {
        // whoever waits for a gateway since another test would need one that could be spared here
        new Sql(dataSource).execute("delete from revival");
        world.reset();
    }

    @AfterEach
    void nothingIsLeftRunning() {
        frontend().post("/gateway/pool/resume").then().statusCode(200);
        frontend().post("/gateway/pool/upgrade/stop").then().statusCode(200);
    }

    @Test
    void replacesReadyMembersAndThoseInUseWhenTheyComeBack() {
        String organization = Api.organization("Company A");
        Api.start(organization).then().statusCode(200);
        String inUse = world.member(organization).orElseThrow().getString("name");
        upgrade("gateway:2").then().statusCode(202).body("image", equalTo("gateway:2"), "image_id", notNullValue());
        await().atMost(PATIENCE)
                .until(() -> status().getInt("upgraded") == 2 && status().getInt("remaining.allocated") == 1);
        assertThat(status().getString("state")).isEqualTo("RUNNING");
        assertThat(status().getString("waiting_for")).isNotBlank();
        assertThat(imageOf(inUse)).isNotEqualTo(Optional.of("gateway:2"));
        assertThat(world.serving()).containsExactly(organization);
        Api.stop(organization).then().statusCode(200);
        await().atMost(PATIENCE).until(() -> status().getString("state").equals("COMPLETED"));
        world.awaitReady(3);
        assertThat(images()).containsOnly(Optional.of("gateway:2"));
        Api.pool().then().body("image", equalTo(status().getString("image_id")), "rollout.state", equalTo("COMPLETED"));
    }

    @Test
    void stopsByItselfWhenTheImageDoesNotComeUpAndGoesBack() {
        upgrade("gateway:good");
        await().atMost(PATIENCE).until(() -> status().getString("state").equals("COMPLETED"));
        world.awaitReady(3);
        world.gateways.imageManner("gateway:bad", Manner.NEVER_READY);
        upgrade("gateway:bad").then().statusCode(202);
        LifeId first = awaitStarting("gateway:bad", Optional.empty());
        assertThat(Api.pool().jsonPath().getInt("totals.ready")).isEqualTo(2);
        world.clock.advance(BEYOND_READY_TIMEOUT);
        awaitStarting("gateway:bad", Optional.of(first));
        assertThat(Api.pool().jsonPath().getInt("totals.ready")).isEqualTo(2);
        world.clock.advance(BEYOND_READY_TIMEOUT);
        await().atMost(PATIENCE).until(() -> status().getString("state").equals("STOPPED"));
        assertThat(status().getString("reason")).contains("came to nothing");
        world.awaitReady(3);
        assertThat(images()).containsOnly(Optional.of("gateway:good"));
    }

    @Test
    void runsOneAtATimeUntilAnOperatorStopsIt() {
        frontend().post("/gateway/pool/pause").then().statusCode(200);
        upgrade("gateway:3").then().statusCode(202).body("waiting_for", equalTo("the pool to be resumed"));
        upgrade("gateway:4").then().statusCode(409).body("type", containsString("upgrade-running"));
        frontend()
                .post("/gateway/pool/upgrade/stop")
                .then()
                .statusCode(200)
                .body("state", equalTo("STOPPED"), "reason", equalTo("an operator stopped it"));
        frontend().post("/gateway/pool/upgrade/stop").then().statusCode(200);
        frontend().post("/gateway/pool/resume").then().statusCode(200);
        assertThat(images()).doesNotContain(Optional.of("gateway:3"));
        upgrade(" ").then().statusCode(400).body("field", equalTo("image"));
        world.watch(call -> {
            if (call.equals("ContainerRuntime.image")) {
                // more than one: a look of the reconciler may come in between
                world.containers.failNext(5);
            }
        });
        upgrade("gateway:3").then().statusCode(503).body("type", containsString("dependency-unavailable"));
        world.watch(call -> {});
        world.containers.failNext(0);
    }

    private static Response upgrade(String image) {
        return frontend().body(Map.of("image", image)).post("/gateway/pool/upgrade");
    }

    private static JsonPath status() {
        return frontend().get("/gateway/pool/upgrade").jsonPath();
    }

    private List<Optional<String>> images() {
        return world.containers.running().stream().map(ContainerSpec::image).toList();
    }

    /** Another life than this one runs the image, and its creation was recorded. */
    private LifeId awaitStarting(String image, Optional<LifeId> earlier) {
        AtomicReference<LifeId> starting = new AtomicReference<>();
        await().atMost(PATIENCE).until(() -> {
            world.containers.running().stream()
                    .filter(spec -> spec.image().equals(Optional.of(image)))
                    .map(ContainerSpec::life)
                    .filter(life -> !Optional.of(life).equals(earlier))
                    .forEach(starting::set);
            return starting.get() != null && Api.pool().jsonPath().getInt("totals.starting") == 1;
        });
        return starting.get();
    }

    private Optional<String> imageOf(String name) {
        return world.containers.running().stream()
                .filter(spec -> spec.name().equals(name))
                .findFirst()
                .flatMap(ContainerSpec::image);
    }
}
