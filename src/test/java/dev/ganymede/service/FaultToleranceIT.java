package dev.ganymede.service;

import static dev.ganymede.world.Api.frontend;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ganymede.world.Api;
import dev.ganymede.world.TestDatabase;
import dev.ganymede.world.World;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import org.junit.jupiter.api.Test;

/** Guards within Quarkus: their figures are published without further ado. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class FaultToleranceIT {

    @Inject
    World world;

    @Test
    void whatTheGuardsSawStandsAmongTheMetrics() {
        world.reset();
        Api.start(Api.organization("Company A")).then().statusCode(200);

        String metrics = frontend().get("/q/metrics").asString();
        assertThat(metrics.lines().filter(line -> line.contains("method=\"gateway-start\"")))
                .anyMatch(line -> line.startsWith("ft_invocations_total{") && line.contains("valueReturned"))
                .anyMatch(line -> line.startsWith("ft_bulkhead_calls_total{") && line.contains("accepted"));
    }
}
