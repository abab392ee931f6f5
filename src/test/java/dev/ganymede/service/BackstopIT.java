package dev.ganymede.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;

import dev.ganymede.gateway.AllocationRepository;
import dev.ganymede.world.Api;
import dev.ganymede.world.SimulatedGateway;
import dev.ganymede.world.Sql;
import dev.ganymede.world.TestDatabase;
import dev.ganymede.world.World;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A gateway that gives no sign of life for too long is asked to leave, and its allocation ended. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class BackstopIT {

    private static final Duration TIMEOUT = Duration.ofMinutes(10);
    private static final Duration ALMOST = Duration.ofMinutes(9);

    @Inject
    World world;

    @Inject
    DataSource dataSource;

    @Inject
    AllocationRepository allocations;

    private Sql sql;
    private String organization;
    private SimulatedGateway gateway;
    private Duration ahead = Duration.ZERO;

    @BeforeEach
    void oneIsServed() {
        sql = new Sql(dataSource);
        world.reset();
        organization = Api.organization("Company A");
        Api.start(organization).then().statusCode(200);
        gateway = world.gateways.serving(organization).orElseThrow();
    }

    @AfterEach
    void presentAgain() {
        world.reset();
        world.clock.advance(ahead.negated());
    }

    @Test
    void aSilentGatewayIsAskedToLeaveAndEnded() {
        pass(TIMEOUT);
        await().until(() -> world.serving().isEmpty());
        // it was told, and left by itself
        assertThat(reasons()).containsExactly("STOPPED_BY_GATEWAY");
        await().until(() -> !world.routed(organization) && !world.published(organization));
        assertThat(sql.column("select 1 from revival")).isEmpty();
        world.awaitReady(3);
    }

    @Test
    void oneThatCanNotBeToldIsEndedAllTheSame() {
        world.containers.failNext(Integer.MAX_VALUE);
        try {
            pass(TIMEOUT);
            await().until(() -> reasons().equals(List.of("SILENT")));
        } finally {
            world.containers.failNext(0);
        }
        assertThat(ping().statusCode()).isEqualTo(409);
        assertThat(sql.column("select 1 from revival")).isEmpty();
        world.awaitReady(3);
    }

    @Test
    void aPingIsASignOfLife() {
        pass(ALMOST);
        Api.gateway(gateway.token())
                .body(Map.of("connections", 3))
                .post("/gateway/ping")
                .then()
                .statusCode(200)
                .body("organization_id", equalTo(organization))
                .body("gateway_id", equalTo(gateway.ids().get("gateway_id")))
                .body("generation", greaterThan(0))
                .body("state", equalTo("SERVING"));
        Api.gateway(gateway.token()).post("/gateway/ping").then().statusCode(200);
        assertDeadlineMoved();
    }

    @Test
    void soIsAPush() {
        pass(ALMOST);
        Map<String, Object> push = Map.of(
                "gateway_id",
                gateway.ids().get("gateway_id"),
                "organization_id",
                organization,
                "timestamp",
                "2026-01-01T00:00:00Z",
                "data",
                Map.of());
        assertThat(gateway.call("/gateway/data/push", gateway.token(), push).statusCode())
                .isEqualTo(200);
        assertDeadlineMoved();
    }

    @Test
    void soIsAPull() {
        pass(ALMOST);
        assertThat(gateway.call("/gateway/data/pull", gateway.token(), gateway.ids())
                        .statusCode())
                .isEqualTo(200);
        assertDeadlineMoved();
    }

    @Test
    void soIsReadingTheConfiguration() {
        pass(ALMOST);
        Api.gateway(gateway.token()).get("/gateway/organization").then().statusCode(200);
        assertDeadlineMoved();
    }

    @Test
    void soIsTrafficThatOthersSee() {
        pass(ALMOST);
        allocations
                .carriesTraffic(
                        List.of(gateway.spec().gateway()), world.clock.instant().plus(TIMEOUT))
                .await()
                .atMost(TIMEOUT);
        assertDeadlineMoved();
    }

    @Test
    void strangersGiveNoSignOfLife() {
        Api.gateway("not-a-token").post("/gateway/ping").then().statusCode(401);
        Api.gateway(gateway.spec().bootToken()).post("/gateway/ping").then().statusCode(401);
        Api.gateway(gateway.token())
                .body(Map.of("connections", -1))
                .post("/gateway/ping")
                .then()
                .statusCode(400);
    }

    private Response ping() {
        return Api.gateway(gateway.token()).post("/gateway/ping");
    }

    private void pass(Duration time) {
        ahead = ahead.plus(time);
        world.clock.advance(time);
    }

    /** All there is about deadlines stands in the database: this is what a process that was just started would find. */
    private void assertDeadlineMoved() {
        String left = sql.value("select extract(epoch from silent_at - timestamptz '" + world.clock.instant()
                + "') > 500 from allocation where state = 'SERVING'");
        assertThat(left).isEqualTo("t");
    }

    private List<String> reasons() {
        return sql.column("select ended_reason from allocation where state = 'ENDED' and organization_id = '"
                + organization + "'");
    }
}
