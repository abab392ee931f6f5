package dev.ganymede.service;

import static dev.ganymede.world.Api.frontend;
import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;

import dev.ganymede.world.Api;
import dev.ganymede.world.TestDatabase;
import dev.ganymede.world.World;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The service with an authority that nobody reaches. */
@QuarkusTest
@TestProfile(CertificatesIT.NobodyThere.class)
@QuarkusTestResource(TestDatabase.class)
class CertificatesIT {

    /** Port 9 discards what is sent to it, if anybody listens there at all. */
    public static final class NobodyThere implements QuarkusTestProfile {

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "ganymede.certificate.issuer", "acme",
                    "ganymede.certificate.every", "1s",
                    "ganymede.certificate.acme.directory", "http://127.0.0.1:9/directory",
                    "ganymede.certificate.acme.accept-terms", "true");
        }
    }

    @Inject
    World world;

    @Test
    void aStartWaitsForNoAuthorityAndOperatorsSeeWhatIsMissing() {
        world.awaitReady(3);
        String organization = Api.organization("Company A");
        Api.start(organization).then().statusCode(200);

        String subject = "org-" + organization + ".test.ganymede.local";
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> frontend()
                .get("/certificates")
                .then()
                .statusCode(200)
                .body("issuer", equalTo("acme"))
                .body("budget.left", equalTo(50))
                .body("totals.failing", equalTo(2))
                .body("certificates.subject", hasItem("test.ganymede.local"))
                .body("certificates.subject", hasItem(subject))
                .body("certificates.problem", hasItem(containsString("the authority"))));
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> given().get("/q/health/ready")
                .then()
                .body("checks.find { it.name == 'certificates' }.data.failing", equalTo(2)));
        given().get("/q/metrics")
                .then()
                .body(containsString("ganymede_certificates_failing 2.0"))
                .body(containsString("ganymede_certificates_budget_left 50.0"));
        frontend().get("/certificates?limit=0").then().statusCode(400);
        frontend()
                .get("/certificates?limit=1")
                .then()
                .statusCode(200)
                .body("certificates.size()", equalTo(1))
                .body("certificates.state", not(hasItem("ISSUED")));
    }
}
