package dev.ganymede.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.notNullValue;

import dev.ganymede.world.Api;
import dev.ganymede.world.Sql;
import dev.ganymede.world.TestDatabase;
import dev.ganymede.world.World;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is known to be down costs no gateway. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class DependencyDownIT {

    @Inject
    World world;

    @Inject
    DataSource dataSource;

    private String organization;

    @BeforeEach
    void fresh() {
        world.reset();
        organization = Api.organization("Company A");
    }

    @AfterEach
    void upAgain() {
        world.zone.unavailable(false);
        world.edge.unavailable(false);
    }

    @Test
    void aZoneThatIsDownRefusesStartsAtOnce() {
        world.zone.unavailable(true);
        refused(Api.start(organization));
    }

    @Test
    void anEdgeThatIsDownRefusesStartsAtOnce() {
        world.edge.unavailable(true);
        refused(Api.start(organization));
    }

    @Test
    void whatIsServedAlreadyIsJoined() {
        Api.start(organization).then().statusCode(200);
        world.zone.unavailable(true);
        world.edge.unavailable(true);
        Api.start(organization).then().statusCode(200).body("generation", greaterThan(0));
    }

    @Test
    void anOrganizationThatLostItsGatewayIsStartedThoughTheZoneIsDown() throws Exception {
        new Sql(dataSource)
                .execute("insert into revival (organization_id, queued_at, not_before, reason) values ('" + organization
                        + "', now(), now(), 'GATEWAY_LOST')");
        world.zone.unavailable(true);
        Api.start(organization).then().statusCode(200).body("state", equalTo("SERVING"));
    }

    private void refused(Response answer) {
        answer.then()
                .statusCode(503)
                .header("Retry-After", notNullValue())
                .body("type", equalTo("https://ganymede.dev/problems/dependency-unavailable"));
        assertThat(new Sql(dataSource)
                        .value("select count(*) from allocation where organization_id = '" + organization + "'"))
                .isEqualTo("0");
        assertThat(Api.pool().jsonPath().getInt("totals.ready")).isEqualTo(3);
    }
}
