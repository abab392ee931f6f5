package dev.ganymede.service;

import static dev.ganymede.world.Api.frontend;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.nullValue;

import dev.ganymede.world.Api;
import dev.ganymede.world.SimulatedGateway;
import dev.ganymede.world.SimulatedGateways.Manner;
import dev.ganymede.world.Sql;
import dev.ganymede.world.TestDatabase;
import dev.ganymede.world.World;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class StartIT {

    private static final List<String> MEMBERS = List.of("gw-pool-0", "gw-pool-1", "gw-pool-2");

    @Inject
    World world;

    @Inject
    DataSource dataSource;

    @BeforeEach
    void fresh() {
        world.reset();
    }

    @AfterEach
    void goodAgain() {
        // what failed on purpose is not waited for
        world.clock.advance(Duration.ofMinutes(1));
        MEMBERS.forEach(name -> world.gateways.manner(name, Manner.GOOD));
        // one that is being made just now may still take its manner from before: looked at again until there is none
        await().until(() -> {
            List<SimulatedGateway> others = world.gateways.all().stream()
                    .filter(gateway -> !gateway.is(Manner.GOOD))
                    .toList();
            others.forEach(gateway -> world.containers.killByName(gateway.spec().name()));
            return others.isEmpty();
        });
    }

    @Test
    void answersWhenTheOrganizationIsServed() {
        String organization = Api.organization("Company A");
        String user = Api.member(organization, "Ada");
        Response started = frontend()
                .body(Map.of("organization_id", organization, "user_id", user))
                .post("/gateway/start");
        started.then()
                .statusCode(200)
                .body("organization_id", equalTo(organization))
                .body("state", equalTo("SERVING"))
                .body("generation", greaterThan(0))
                .body("gateway_hostname", equalTo("org-" + organization + ".test.ganymede.local"))
                .body("websocket_url", equalTo("wss://org-" + organization + ".test.ganymede.local/collab"));
        assertThat(started.jsonPath().getString("access_token")).hasSizeGreaterThan(100);
        assertThat(started.jsonPath().getString("expires_at")).endsWith("Z");
        assertThat(world.published(organization)).isTrue();
        assertThat(world.routed(organization)).isTrue();
    }

    @Test
    void issuesNoAccessTokenWhenNobodyIsNamed() {
        Api.start(Api.organization("Company A"))
                .then()
                .statusCode(200)
                .body("access_token", nullValue())
                .body("expires_at", nullValue());
    }

    @Test
    void startingAgainJoins() {
        String organization = Api.organization("Company A");
        Response first = Api.start(organization);
        Response second = Api.start(organization);
        assertThat(second.statusCode()).isEqualTo(200);
        assertThat(second.asString()).isEqualTo(first.asString());
    }

    @Test
    void concurrentCallersOfOneOrganizationGetOneGateway() throws Exception {
        String organization = Api.organization("Company A");
        Set<String> answers = new HashSet<>();
        for (Response answer : concurrently(50, index -> Api.start(organization))) {
            assertThat(answer.statusCode()).isEqualTo(200);
            answers.add(answer.asString());
        }
        assertThat(answers).hasSize(1);
        assertThat(world.serving()).containsExactly(organization);
    }

    @Test
    void fiftyOrganizationsOnThreeGateways() throws Exception {
        List<String> organizations = new ArrayList<>();
        for (int index = 0; index < 50; index++) {
            organizations.add(Api.organization("Company " + index));
        }
        List<Response> answers = concurrently(50, index -> Api.start(organizations.get(index)));
        List<Response> served =
                answers.stream().filter(answer -> answer.statusCode() == 200).toList();
        assertThat(served).hasSize(3);
        assertThat(served.stream().map(answer -> answer.jsonPath().getString("gateway_id")))
                .doesNotHaveDuplicates();
        List<Response> refused =
                answers.stream().filter(answer -> answer.statusCode() != 200).toList();
        assertThat(refused).hasSize(47).allSatisfy(answer -> {
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.contentType()).startsWith("application/problem+json");
            assertThat(answer.jsonPath().getString("type")).endsWith("/pool-exhausted");
            assertThat(Integer.parseInt(answer.header("Retry-After"))).isPositive();
        });
    }

    @Test
    void theDatabaseItselfRefusesASecondLiveAllocation() {
        String organization = Api.organization("Company A");
        Api.start(organization).then().statusCode(200);
        Sql sql = new Sql(dataSource);
        String copy =
                "insert into allocation (id, organization_id, gateway_id, generation, state, handshake_expires_at,"
                        + " started_at) select gen_random_uuid(), %s, %s, generation + 1, state, now(), now()"
                        + " from allocation where state <> 'ENDED'";
        assertThat(failureOf(sql, copy.formatted("organization_id", "gen_random_uuid()")))
                .contains("allocation_live_organization");
        String other = Api.organization("Company B");
        assertThat(failureOf(sql, copy.formatted("'" + other + "'", "gateway_id")))
                .contains("allocation_live_gateway");
    }

    @Test
    void unknownOrganizationsAreSaidToBeUnknown() {
        Api.start(UUID.randomUUID().toString())
                .then()
                .statusCode(404)
                .body("type", equalTo("https://ganymede.dev/problems/organization-not-found"));
        frontend()
                .body(Map.of(
                        "organization_id", UUID.randomUUID().toString(),
                        "user_id", UUID.randomUUID().toString()))
                .post("/gateway/start")
                .then()
                .statusCode(404);
    }

    @Test
    void strangersGetNoAccessToken() {
        String organization = Api.organization("Company A");
        frontend()
                .body(Map.of(
                        "organization_id",
                        organization,
                        "user_id",
                        UUID.randomUUID().toString()))
                .post("/gateway/start")
                .then()
                .statusCode(403)
                .body("type", equalTo("https://ganymede.dev/problems/not-a-member"));
        assertThat(world.serving()).isEmpty();
    }

    @Test
    void aGatewayThatFailsTheHandshakeIsReplacedAndTheNextOneTried() {
        restartAs(Manner.REFUSES, "gw-pool-0", "gw-pool-1");
        String organization = Api.organization("Company A");
        Api.start(organization).then().statusCode(200);
        assertThat(world.member(organization).orElseThrow().getString("name")).isEqualTo("gw-pool-2");
        goodAgain();
        await().until(() -> Api.pool().jsonPath().getInt("totals.ready") == 2);
    }

    @Test
    void aGatewayThatClaimsToServeIsNotBelieved() {
        restartAs(Manner.TALKS_GARBAGE, "gw-pool-0");
        String organization = Api.organization("Company A");
        Api.start(organization).then().statusCode(200);
        assertThat(world.member(organization).orElseThrow().getString("name")).isNotEqualTo("gw-pool-0");
    }

    @Test
    void anOrganizationThatCanNotBeLoadedDoesNotEmptyThePool() {
        restartAs(Manner.FINDS_DAMAGE, "gw-pool-0", "gw-pool-1", "gw-pool-2");
        String organization = Api.organization("Company A");
        Api.start(organization)
                .then()
                .statusCode(500)
                .body("type", equalTo("https://ganymede.dev/problems/data-unreadable"));
        assertThat(new Sql(dataSource)
                        .value("select count(*) from allocation where organization_id = '" + organization + "'"))
                .isEqualTo("1");
        assertThat(new Sql(dataSource).value("select sum(failures) from gateway"))
                .as("nothing speaks against the gateway")
                .isEqualTo("0");
        goodAgain();
        world.awaitReady(3);
    }

    @Test
    void whenNoGatewayEverAnswersTheCallerIsToldInTime() {
        restartAs(Manner.NEVER_ANSWERS, "gw-pool-0", "gw-pool-1", "gw-pool-2");
        String organization = Api.organization("Company A");
        Response answer = Api.start(organization);
        assertThat(answer.statusCode()).isIn(503, 504);
        goodAgain();
        await().until(() -> world.serving().isEmpty());
        await().until(() -> !world.routed(organization) && !world.published(organization));
    }

    @Test
    void whenTheZoneCanNotBeWrittenTheStartFailsAndLeavesNothing() {
        String organization = Api.organization("Company A");
        world.zone.failNext(1_000);
        try {
            Api.start(organization)
                    .then()
                    .statusCode(503)
                    .body("type", equalTo("https://ganymede.dev/problems/dependency-unavailable"));
        } finally {
            world.zone.failNext(0);
        }
        assertThat(world.serving()).isEmpty();
        world.awaitReady(3);
        Api.start(organization).then().statusCode(200);
    }

    @Test
    void aStartThatDiedIsEndedWhenItsTimeIsOver() throws Exception {
        String organization = Api.organization("Company A");
        // what a killed process leaves: an allocation whose handshake token nobody knows any more
        new Sql(dataSource)
                .execute("with taken as (update gateway set state = 'ALLOCATED' where name = 'gw-pool-0' returning id)"
                        + " insert into allocation (id, organization_id, gateway_id, generation, state,"
                        + " handshake_token_hash, handshake_expires_at, started_at)"
                        + " select gen_random_uuid(), '" + organization + "', id, 1, 'HANDSHAKING',"
                        + " sha256('x'), now() + interval '1 second', now() from taken");
        new Sql(dataSource).execute("update organization set generation = 1 where id = '" + organization + "'");
        Api.start(organization).then().statusCode(200).body("generation", greaterThan(1));
    }

    @Test
    void projectsStartTheirOrganization() {
        String organization = Api.organization("Company A");
        String user = Api.member(organization, "Ada");
        String project = Api.project(organization, "Roadmap");
        frontend()
                .body(Map.of("user_id", user))
                .post("/projects/{id}/start", project)
                .then()
                .statusCode(200)
                .body("project.active", equalTo(true))
                .body("gateway.state", equalTo("SERVING"))
                .body("gateway.organization_id", equalTo(organization));
        frontend().post("/projects/{id}/stop", project).then().statusCode(200).body("project.active", equalTo(false));
        // the gateway is left to its own inactivity timer
        assertThat(world.serving()).containsExactly(organization);
        SimulatedGateway gateway = world.gateways.serving(organization).orElseThrow();
        assertThat(gateway.configuration().at("/projects/0/name").asText()).isEqualTo("Roadmap");
        assertThat(gateway.configuration().at("/members/0/user_id").asText()).isEqualTo(user);
    }

    @Test
    void aStopMeetsAStartAndTheStartTakesNoOtherGateway() throws Exception {
        restartAs(Manner.NEVER_ANSWERS, "gw-pool-0", "gw-pool-1", "gw-pool-2");
        String organization = Api.organization("Company A");
        List<Response> answers = concurrently(2, index -> {
            if (index == 0) {
                return Api.start(organization);
            }
            await().until(() -> !world.serving().isEmpty());
            return Api.stop(organization);
        });
        answers.get(1).then().statusCode(200);
        answers.get(0).then().statusCode(503).body("type", equalTo("https://ganymede.dev/problems/start-failed"));
        assertThat(world.serving()).isEmpty();
        goodAgain();
    }

    /** The members' next lives behave so. */
    private void restartAs(Manner manner, String... names) {
        // lives that were ready for a minute are replaced at once
        world.clock.advance(Duration.ofMinutes(1));
        for (String name : names) {
            world.gateways.manner(name, manner);
            world.containers.killByName(name);
        }
        await().until(() -> world.gateways.all().stream()
                .filter(gateway -> List.of(names).contains(gateway.spec().name()))
                .allMatch(gateway -> gateway.is(manner)));
        world.awaitReady(3);
    }

    private static String failureOf(Sql sql, String command) {
        try {
            sql.execute(command);
            return "accepted";
        } catch (java.sql.SQLException refused) {
            return refused.getMessage();
        }
    }

    private interface Call {
        Response at(int index);
    }

    private static List<Response> concurrently(int count, Call call) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(count);
        try {
            List<Future<Response>> pending = new ArrayList<>();
            for (int index = 0; index < count; index++) {
                int own = index;
                pending.add(threads.submit(() -> call.at(own)));
            }
            List<Response> answers = new ArrayList<>();
            for (Future<Response> answer : pending) {
                answers.add(answer.get());
            }
            return answers;
        } finally {
            threads.shutdownNow();
        }
    }
}
