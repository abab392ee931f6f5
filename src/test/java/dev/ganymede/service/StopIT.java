package dev.ganymede.service;

import static dev.ganymede.world.Api.frontend;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.nullValue;

import dev.ganymede.world.Api;
import dev.ganymede.world.SimulatedGateway;
import dev.ganymede.world.TestDatabase;
import dev.ganymede.world.World;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class StopIT {

    @Inject
    World world;

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
    void endsTokensNamesAndTheContainersLife() {
        HttpResponse<String> stopped = gateway.leave();
        assertThat(stopped.statusCode()).isEqualTo(200);
        assertThat(stopped.body()).contains("\"state\":\"ENDED\"");
        assertThat(world.published(organization)).isFalse();
        assertThat(world.routed(organization)).isFalse();
        assertThat(gateway.call("/gateway/data/pull", gateway.token(), gateway.ids())
                        .statusCode())
                .isEqualTo(409);
        String name = gateway.spec().name();
        await().until(() -> world.containers.running().stream()
                .anyMatch(spec -> spec.name().equals(name)
                        && !spec.life().equals(gateway.spec().life())
                        && spec.httpPort() == gateway.spec().httpPort()
                        && !spec.bootToken().equals(gateway.spec().bootToken())));
        world.awaitReady(3);
    }

    @Test
    void isIdempotent() {
        String first = gateway.leave().body();
        HttpResponse<String> second = gateway.leave();
        assertThat(second.statusCode()).isEqualTo(200);
        assertThat(second.body()).isEqualTo(first);
    }

    @Test
    void aLateRepeatNeverEndsTheNextTenancy() {
        gateway.leave();
        Api.start(organization).then().statusCode(200).body("generation", greaterThan(1));
        assertThat(gateway.leave().statusCode()).isEqualTo(200);
        assertThat(world.serving()).containsExactly(organization);
        assertThat(world.routed(organization)).isTrue();
        assertThat(world.published(organization)).isTrue();
    }

    @Test
    void nobodyStopsAnother() {
        Api.gateway("not-a-token")
                .body(gateway.ids())
                .post("/gateway/stop")
                .then()
                .statusCode(401);
        Map<String, String> somebodyElse = Map.of(
                "gateway_id",
                gateway.ids().get("gateway_id"),
                "organization_id",
                UUID.randomUUID().toString());
        assertThat(gateway.call("/gateway/stop", gateway.token(), somebodyElse).statusCode())
                .isEqualTo(403);
        assertThat(world.serving()).containsExactly(organization);
    }

    @Test
    void endsThoughTheNamesCanNotBeWithdrawnNowAndTheyFollow() {
        world.zone.failNext(3);
        assertThat(gateway.leave().statusCode()).isEqualTo(200);
        assertThat(world.serving()).isEmpty();
        await().until(() -> !world.published(organization));
        await().until(() -> !world.routed(organization));
    }

    @Test
    void anOperatorAsksTheGatewayToLeave() {
        Api.stop(organization)
                .then()
                .statusCode(200)
                .body("ended.organization_id", equalTo(organization))
                .body("ended.state", equalTo("ENDED"));
        Api.stop(organization).then().statusCode(200).body("ended", nullValue());
        world.awaitReady(3);
    }

    @Test
    void theNextStartIsOnAnotherMemberWithTheNextGeneration() {
        Map<String, Object> before = world.member(organization).orElseThrow().getMap();
        Api.stop(organization).then().statusCode(200);
        world.awaitReady(3);
        Api.start(organization).then().statusCode(200);
        Map<String, Object> after = world.member(organization).orElseThrow().getMap();
        assertThat(after.get("name")).isNotEqualTo(before.get("name"));
        assertThat((Integer) after.get("generation")).isEqualTo((Integer) before.get("generation") + 1);
    }

    @Test
    void anOrganizationThatIsServedCanNotBeDeleted() {
        frontend()
                .delete("/organizations/{id}", organization)
                .then()
                .statusCode(409)
                .body("type", equalTo("https://ganymede.dev/problems/organization-live"));
        Api.stop(organization).then().statusCode(200);
        frontend().delete("/organizations/{id}", organization).then().statusCode(204);
        frontend().get("/organizations/{id}", organization).then().statusCode(404);
    }

    @Test
    void aContainerThatDiesEndsItsTenancyAndIsReplaced() {
        String name = gateway.spec().name();
        world.containers.killByName(name);
        await().until(() -> world.member(organization)
                .filter(member -> !name.equals(member.getString("name")))
                .isPresent());
        assertThat(gateway.call("/gateway/data/pull", gateway.token(), gateway.ids())
                        .statusCode())
                .isEqualTo(409);
        await().until(() -> world.containers.running().stream()
                .anyMatch(spec -> spec.name().equals(name)
                        && !spec.life().equals(gateway.spec().life())));
    }
}
