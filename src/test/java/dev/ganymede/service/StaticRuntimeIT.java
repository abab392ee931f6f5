package dev.ganymede.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.hasItem;

import dev.ganymede.world.Api;
import dev.ganymede.world.SimulatedNode;
import dev.ganymede.world.StaticWorld;
import dev.ganymede.world.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A service with the static runtime, an agent over HTTP and its gateways: many organizations, each with the real handshake. */
@QuarkusTest
@TestProfile(StaticWorld.Profile.class)
@QuarkusTestResource(TestDatabase.class)
@QuarkusTestResource(value = SimulatedNode.class, restrictToAnnotatedClass = true)
class StaticRuntimeIT {

    private static final int ORGANIZATIONS = 200;
    private static final int AT_ONCE = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void twoHundredOrganizationsComeAndGo() throws Exception {
        List<String> organizations = IntStream.range(0, ORGANIZATIONS)
                .mapToObj(number -> Api.organization("Company " + number))
                .toList();

        forEach(organizations, organization -> {
            // the pool grows as they come
            await().atMost(PATIENCE).until(() -> Api.start(organization).statusCode() == 200);
            return null;
        });
        assertThat(served()).hasSize(ORGANIZATIONS).containsExactlyInAnyOrderElementsOf(organizations);

        forEach(organizations, Api::stop);
        assertThat(served()).isEmpty();
        await().atMost(PATIENCE)
                .until(() -> Api.pool().jsonPath().getInt("totals.ready")
                        == Api.pool().jsonPath().getInt("totals.total"));
    }

    @Test
    void itsAgentIsAHealthCheck() {
        RestAssured.get("/q/health/ready").then().body("checks.name", hasItem("static"));
    }

    private static List<String> served() {
        List<String> organizations = Api.pool().jsonPath().getList("gateways.organization_id", String.class);
        return organizations.stream()
                .filter(organization -> organization != null)
                .toList();
    }

    private interface Step {
        Response on(String organization);
    }

    private static void forEach(List<String> organizations, Step step) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
        try {
            Stream<Callable<Response>> steps = organizations.stream().map(organization -> () -> step.on(organization));
            for (Future<Response> done : threads.invokeAll(steps.toList())) {
                Response response = done.get();
                assertThat(response == null ? 200 : response.statusCode()).isEqualTo(200);
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
