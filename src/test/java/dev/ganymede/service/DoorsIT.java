package dev.ganymede.service;

import static dev.ganymede.world.Api.frontend;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.not;

import dev.ganymede.world.Api;
import dev.ganymede.world.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes in from outside: who may, what is well-formed, and how it is told. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class DoorsIT {

    private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");

    @Test
    void nothingIsOpenByAccident() {
        Map<String, Map<String, Object>> paths =
                given().accept(ContentType.JSON).get("/q/openapi").jsonPath().getMap("paths");
        assertThat(paths).hasSizeGreaterThan(15);
        paths.forEach((path, operations) -> operations.keySet().stream()
                .filter(METHODS::contains)
                .forEach(method -> {
                    String concrete =
                            path.replaceAll("\\{[^}]+}", UUID.randomUUID().toString());
                    Response answer = given().contentType(ContentType.JSON)
                            .body("{}")
                            .request(method.toUpperCase(Locale.ROOT), concrete);
                    assertThat(answer.statusCode()).as(method + " " + path).isEqualTo(401);
                    assertThat(answer.contentType()).startsWith("application/problem+json");
                }));
    }

    @Test
    void aWrongKeyIsNoKey() {
        given().header("X-API-Key", Api.KEY + "x")
                .get("/gateway/pool")
                .then()
                .statusCode(401)
                .body("type", equalTo("https://ganymede.dev/problems/unauthorized"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"../../etc", "a;reload", "", "1-1-1-1-1", "*", "0b9b2c9e-3f0a-4c55-9c1c-2f5e6a7d8e90 ", "\"}"})
    void idsThatAreNoneAreRefusedByName(String id) {
        frontend()
                .body(Map.of("organization_id", id))
                .post("/gateway/start")
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("type", equalTo("https://ganymede.dev/problems/invalid-request"))
                .body("field", equalTo("organization_id"))
                .body("instance", equalTo("/gateway/start"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a;reload", "..%2F..%2Fetc", "%00", "*"})
    void idsInPathsAreRefusedToo(String id) {
        Response answer = frontend().urlEncodingEnabled(false).get("/organizations/" + id);
        assertThat(answer.statusCode()).isIn(400, 404);
        assertThat(answer.contentType()).startsWith("application/problem+json");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "{", "[]", "null", "\"text\"", "{\"organization_id\":{}}", "{\"organization_id\":\"0b9b"})
    void bodiesThatAreNotWhatIsExpectedAreRefused(String body) {
        frontend().body(body).post("/gateway/start").then().statusCode(400).contentType("application/problem+json");
    }

    @Test
    void aNameMayHave200CharactersOfAnyScript() {
        String name = "Ünïçødé 木星の衛星 🪐".repeat(20).substring(0, 0) + "木".repeat(100) + "🪐".repeat(100);
        String organization = Api.organization(name);
        frontend()
                .get("/organizations/{id}", organization)
                .then()
                .statusCode(200)
                .body("name", equalTo(name));
        frontend()
                .body(Map.of("name", name + "x"))
                .post("/organizations")
                .then()
                .statusCode(400)
                .body("field", equalTo("name"));
    }

    @Test
    void identitiesOfTheCallersChoiceAreRecognizedAgain() {
        String id = UUID.randomUUID().toString();
        Map<String, String> wanted = Map.of("id", id, "name", "Company A");
        frontend().body(wanted).post("/organizations").then().statusCode(201).header("Location", containsString(id));
        frontend()
                .body(wanted)
                .post("/organizations")
                .then()
                .statusCode(409)
                .body("type", equalTo("https://ganymede.dev/problems/already-exists"));
    }

    @Test
    void organizationsAreListedPageByPage() {
        List<String> made = List.of(Api.organization("A"), Api.organization("B"), Api.organization("C"));
        List<String> seen = new java.util.ArrayList<>();
        String next = null;
        do {
            Response page = frontend()
                    .queryParam("limit", 2)
                    .queryParams(next == null ? Map.of() : Map.of("after", next))
                    .get("/organizations");
            seen.addAll(page.jsonPath().getList("organizations.id"));
            next = page.jsonPath().getString("next");
        } while (next != null);
        assertThat(seen).containsAll(made).doesNotHaveDuplicates().isSorted();
        for (Object limit : List.of(0, 1001, "x", "99999999999")) {
            frontend().queryParam("limit", limit).get("/organizations").then().statusCode(400);
        }
    }

    @Test
    void membersAndProjectsComeAndGo() {
        String organization = Api.organization("Company A");
        String user = Api.member(organization, "Ada");
        String project = Api.project(organization, "Roadmap");
        frontend()
                .get("/organizations/{id}/members", organization)
                .then()
                .body("members.user_id", hasItems(user))
                .body("members[0].role", equalTo("editor"));
        frontend().get("/organizations/{id}/projects", organization).then().body("projects.id", hasItems(project));
        frontend().delete("/projects/{id}", project).then().statusCode(204);
        frontend().delete("/projects/{id}", project).then().statusCode(404);
        frontend()
                .delete("/organizations/{o}/members/{u}", organization, user)
                .then()
                .statusCode(204);
        frontend()
                .delete("/organizations/{o}/members/{u}", organization, user)
                .then()
                .statusCode(404);
        frontend()
                .body(Map.of("name", "x"))
                .post("/organizations/{id}/projects", UUID.randomUUID())
                .then()
                .statusCode(404)
                .body("type", equalTo("https://ganymede.dev/problems/organization-not-found"));
        frontend()
                .body(Map.of("user_id", user, "name", "Ada", "role", "emperor"))
                .post("/organizations/{id}/members", organization)
                .then()
                .statusCode(400)
                .body("field", equalTo("role"));
    }

    @Test
    void unknownPathsAndMethodsAreProblems() {
        frontend().get("/nothing/here").then().statusCode(404).contentType("application/problem+json");
        frontend().put("/gateway/start").then().statusCode(405).contentType("application/problem+json");
        frontend()
                .contentType("text/plain")
                .body("x")
                .post("/gateway/start")
                .then()
                .statusCode(415)
                .contentType("application/problem+json");
    }

    @Test
    void theOpenApiDocumentHasExamplesAndNoSecrets() {
        given().get("/q/openapi")
                .then()
                .statusCode(200)
                .body(containsString("/gateway/start"))
                .body(containsString("0b9b2c9e-3f0a-4c55-9c1c-2f5e6a7d8e90"))
                .body(not(containsString(Api.KEY)));
    }

    @Test
    void theOpenApiDocumentSpeaksAsTheWireDoes() {
        Map<String, Map<String, Object>> schemas =
                given().accept(ContentType.JSON).get("/q/openapi").jsonPath().getMap("components.schemas");
        schemas.forEach((name, schema) -> {
            if (schema.get("properties") instanceof Map<?, ?> properties) {
                assertThat(properties.keySet()).as(name).allMatch(property -> property.toString()
                        .matches("[a-z0-9_]+"));
            }
        });
        assertThat(schemas.get("StartedGateway").toString()).contains("websocket_url", "access_token");
    }

    @Test
    void bodiesAreBoundedEverywhere() {
        frontend()
                .body("{\"name\":\"" + "x".repeat(1024 * 1024) + "\"}")
                .post("/organizations")
                .then()
                .statusCode(413)
                .body("type", equalTo("https://ganymede.dev/problems/payload-too-large"));
    }

    @Test
    void healthSaysWhichPartIsDown() {
        given().get("/q/health/live").then().statusCode(200).body("status", equalTo("UP"));
        given().get("/q/health/ready")
                .then()
                .statusCode(200)
                .body("checks.name", hasItems("database", "docker", "powerdns", "edge"));
    }

    @Test
    void thePoolShowsItsMembers() {
        Api.pool()
                .then()
                .statusCode(200)
                .body("environment", equalTo("test"))
                .body("desired", equalTo(3))
                .body("gateways.name", hasItems("gw-pool-0", "gw-pool-1", "gw-pool-2"))
                .body("gateways.http_port", hasItems(7100, 7101, 7102))
                .body("gateways.vpn_port", hasItems(49100, 49101, 49102));
        frontend().body(Map.of("count", 0)).post("/gateway/pool/create").then().statusCode(400);
        frontend().body(Map.of("count", 98)).post("/gateway/pool/create").then().statusCode(409);
    }
}
