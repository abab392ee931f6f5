package dev.ganymede.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.nullValue;

import dev.ganymede.allocation.Failover;
import dev.ganymede.gateway.AllocationRepository;
import dev.ganymede.gateway.EndReason;
import dev.ganymede.gateway.PoolChanged;
import dev.ganymede.id.AllocationId;
import dev.ganymede.id.OrganizationId;
import dev.ganymede.world.Api;
import dev.ganymede.world.SimulatedGateway;
import dev.ganymede.world.SimulatedGateways.Manner;
import dev.ganymede.world.Sql;
import dev.ganymede.world.TestDatabase;
import dev.ganymede.world.World;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An organization that loses its gateway is served by another one; what can come in between. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class FailoverIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Inject
    World world;

    @Inject
    DataSource dataSource;

    @Inject
    AllocationRepository allocations;

    @Inject
    Failover failover;

    @Inject
    Event<PoolChanged> poolChanged;

    private Sql sql;
    private String organization;
    private int first;

    @BeforeEach
    void oneIsServed() {
        sql = new Sql(dataSource);
        world.reset();
        organization = Api.organization("Company A");
        // on a slow machine a first start may use more than one gateway
        first = Api.start(organization).then().statusCode(200).extract().path("generation");
        await().atMost(PATIENCE).until(() -> Api.pool().jsonPath().getInt("totals.ready") == 2);
    }

    @AfterEach
    void allGood() throws SQLException {
        world.zone.failNext(0);
        gatewaysAreBack();
        failover.start();
        sql.execute("delete from revival");
        for (SimulatedGateway gateway : List.copyOf(world.gateways.all())) {
            String name = gateway.spec().name();
            world.gateways.manner(name, Manner.GOOD);
            if (!gateway.is(Manner.GOOD)) {
                world.containers.killByName(name);
            }
        }
        await().atMost(PATIENCE).until(() -> world.gateways.all().stream().allMatch(each -> each.is(Manner.GOOD)));
    }

    @Test
    void anotherGatewayServesItWithItsDataUnderTheSameName() {
        SimulatedGateway before = world.gateways.serving(organization).orElseThrow();
        before.call("/gateway/data/push", before.token(), push(before, "last words"));
        loseTheGateway();
        awaitServedAgain();
        SimulatedGateway after = world.gateways.serving(organization).orElseThrow();
        // maybe of the same name: the pool has replaced its container by then
        assertThat(after.spec().life()).isNotEqualTo(before.spec().life());
        assertThat(after.pulled().at("/data/gateway_state/text").asText()).isEqualTo("last words");
        assertThat(world.published(organization)).isTrue();
        assertThat(routedGeneration()).isGreaterThan(first);
        assertThat(queue()).isEmpty();
        Api.start(organization)
                .then()
                .statusCode(200)
                .body("generation", greaterThan(first))
                .body("gateway_hostname", equalTo("org-" + organization + ".test.ganymede.local"));
        // the one that was lost may still live somewhere: it is told that its time is over
        assertThat(before.call("/gateway/data/push", before.token(), push(before, "too late"))
                        .statusCode())
                .isEqualTo(409);
    }

    @Test
    void withNoGatewayReadyItKeepsItsNamesAndIsTheFirstInLine() throws SQLException {
        noGatewayIsReady();
        loseTheGateway();
        await().until(() -> queue().equals(List.of(organization)));
        failover.stop();
        // an attempt that runs may still take the gateway
        await().until(failover::idle);
        oneGatewayIsReady();
        Api.start(Api.organization("Company B"))
                .then()
                .statusCode(503)
                .body("type", equalTo("https://ganymede.dev/problems/pool-exhausted"));
        assertThat(world.published(organization)).isTrue();
        assertThat(routedGeneration()).isEqualTo(first);
        failover.start();
        awaitServedAgain();
    }

    @Test
    void aUsersStartMayBeFaster() throws SQLException {
        failover.stop();
        loseTheGateway();
        await().until(() -> queue().equals(List.of(organization)));
        Api.start(organization).then().statusCode(200).body("generation", greaterThan(first));
        assertThat(queue()).isEmpty();
        failover.start();
        assertThat(routedGeneration()).isGreaterThan(first);
    }

    @Test
    void aUsersStartInTheMiddleOfItMeetsItInOneAllocation() {
        loseTheGateway();
        Response started = Api.start(organization);
        started.then().statusCode(200).body("generation", greaterThan(first));
        awaitServedAgain();
        assertThat(world.serving()).containsExactly(organization);
        assertThat(queue()).isEmpty();
    }

    @Test
    void aPlaceInTheQueueThatADeadProcessLeftIsServed() throws SQLException {
        Api.stop(organization).then().statusCode(200);
        waits(organization);
        failover.signal();
        awaitServedAgain();
        assertThat(queue()).isEmpty();
    }

    @Test
    void aZoneThatCanNotBeWrittenDoesNotKeepItDown() {
        world.zone.failNext(100_000);
        loseTheGateway();
        awaitServedAgain();
        assertThat(routedGeneration()).isGreaterThan(first);
    }

    @Test
    void anOrganizationThatWearsGatewaysOutRests() throws SQLException {
        Api.stop(organization).then().statusCode(200);
        sql.execute("insert into allocation (id, organization_id, gateway_id, generation, state, handshake_expires_at,"
                + " started_at, ended_at, ended_reason) select gen_random_uuid(), '" + organization
                + "', gen_random_uuid(), 100 + n, 'ENDED', now(), now(), now(), 'GATEWAY_LOST'"
                + " from generate_series(1, 6) n");
        sql.execute("update organization set generation = 200 where id = '" + organization + "'");
        waits(organization);
        failover.signal();
        await().until(() -> sql.column("select last_failure from revival where not_before > now()")
                .equals(List.of("6 of its gateways were lost within a minute")));
        assertThat(world.serving()).isEmpty();
        // and is no burden to others meanwhile
        Api.start(Api.organization("Company B")).then().statusCode(200);
        sql.execute("update allocation set ended_at = ended_at - interval '2 minutes' where generation > 100");
        sql.execute("update revival set not_before = now()");
        failover.signal();
        awaitServedAgain();
    }

    @Test
    void dataThatNoGatewayCanLoadIsGivenUp() {
        world.gateways.all().stream()
                .map(gateway -> gateway.spec().name())
                .forEach(name -> becomes(Manner.FINDS_DAMAGE, name));
        String own = world.gateways.serving(organization).orElseThrow().spec().name();
        await().atMost(PATIENCE).until(() -> world.gateways.all().stream()
                .filter(gateway -> !gateway.spec().name().equals(own))
                .allMatch(gateway -> gateway.is(Manner.FINDS_DAMAGE)));
        await().atMost(PATIENCE).until(() -> Api.pool().jsonPath().getInt("totals.ready") == 2);
        loseTheGateway();
        await().atMost(PATIENCE).until(() -> queue().isEmpty() && !world.routed(organization));
        await().atMost(PATIENCE).until(() -> !world.published(organization));
        assertThat(world.serving()).isEmpty();
        assertThat(sql.column("select 1 from allocation where organization_id = '" + organization
                        + "' and generation > " + first))
                .hasSize(1);
    }

    @Test
    void anOperatorsStopEndsTheWait() throws SQLException {
        noGatewayIsReady();
        loseTheGateway();
        await().until(() -> queue().equals(List.of(organization)));
        Api.stop(organization).then().statusCode(200).body("ended", nullValue());
        assertThat(queue()).isEmpty();
        assertThat(world.published(organization)).isFalse();
        assertThat(world.routed(organization)).isFalse();
    }

    @Test
    void anOperatorsStopInTheMiddleOfItWins() {
        String own = world.gateways.serving(organization).orElseThrow().spec().name();
        world.gateways.all().stream()
                .map(gateway -> gateway.spec().name())
                .filter(name -> !name.equals(own))
                .forEach(name -> becomes(Manner.NEVER_ANSWERS, name));
        await().atMost(PATIENCE).until(() -> world.gateways.all().stream()
                .filter(gateway -> !gateway.spec().name().equals(own))
                .allMatch(gateway -> gateway.is(Manner.NEVER_ANSWERS)));
        await().atMost(PATIENCE).until(() -> Api.pool().jsonPath().getInt("totals.ready") == 2);
        loseTheGateway();
        await().until(() -> live().equals(List.of("HANDSHAKING")));
        Api.stop(organization).then().statusCode(200);
        assertThat(queue()).isEmpty();
        assertThat(live()).isEmpty();
        failover.signal();
        await().atMost(PATIENCE).until(() -> !world.routed(organization) && !world.published(organization));
        assertThat(live()).isEmpty();
    }

    @Test
    void aDrainedGatewayThatLeavesByItselfHandsItsOrganizationOver() {
        SimulatedGateway drained = world.gateways.serving(organization).orElseThrow();
        done(allocations.reviveAfter(tenancy()));
        assertThat(drained.leave().statusCode()).isEqualTo(200);
        awaitServedAgain();
    }

    @Test
    void aGatewayThatWasToldToEndByNobodyHereHandsItsOrganizationOver() {
        SimulatedGateway terminated = world.gateways.serving(organization).orElseThrow();
        assertThat(terminated
                        .call("/gateway/stop", terminated.token(), leaving(terminated, "terminated"))
                        .statusCode())
                .isEqualTo(200);
        awaitServedAgain();
        SimulatedGateway next = world.gateways.serving(organization).orElseThrow();
        assertThat(next.call("/gateway/stop", next.token(), leaving(next, "bored"))
                        .statusCode())
                .isEqualTo(400);
        assertThat(next.call("/gateway/stop", next.token(), leaving(next, "inactive"))
                        .statusCode())
                .isEqualTo(200);
        assertThat(queue()).isEmpty();
        assertThat(live()).isEmpty();
    }

    private static Map<String, String> leaving(SimulatedGateway gateway, String reason) {
        Map<String, String> body = new HashMap<>(gateway.ids());
        body.put("reason", reason);
        return body;
    }

    @Test
    void aDrainDoesNotUndoAnOperatorsStop() {
        SimulatedGateway drained = world.gateways.serving(organization).orElseThrow();
        done(allocations.reviveAfter(tenancy()));
        // its container is stopped, and the gateway leaves by itself
        Api.stop(organization).then().statusCode(200).body("ended.state", equalTo("ENDED"));
        assertThat(queue()).isEmpty();
        assertThat(live()).isEmpty();
    }

    @Test
    void whoWaitsMayBeDeleted() throws SQLException {
        noGatewayIsReady();
        loseTheGateway();
        await().until(() -> queue().equals(List.of(organization)));
        Api.frontend().delete("/organizations/{id}", organization).then().statusCode(204);
        assertThat(queue()).isEmpty();
        assertThat(world.published(organization)).isFalse();
        assertThat(world.routed(organization)).isFalse();
    }

    private void loseTheGateway() {
        done(allocations.end(tenancy(), EndReason.GATEWAY_LOST));
        poolChanged.fire(new PoolChanged("the test says so"));
    }

    private AllocationId tenancy() {
        return AllocationId.parse(sql.value(
                "select id from allocation where organization_id = '" + organization + "' and state <> 'ENDED'"));
    }

    private void becomes(Manner manner, String name) {
        world.gateways.manner(name, manner);
        if (world.gateways.serving(organization).stream()
                .noneMatch(gateway -> gateway.spec().name().equals(name))) {
            world.containers.killByName(name);
        }
    }

    private void noGatewayIsReady() throws SQLException {
        // and no engine makes one
        world.containers.failNext(Integer.MAX_VALUE);
        sql.execute("update gateway set cordoned = true");
    }

    private void oneGatewayIsReady() throws SQLException {
        sql.execute("update gateway set cordoned = false where id ="
                + " (select id from gateway where state = 'READY' order by slot limit 1)");
    }

    private void gatewaysAreBack() throws SQLException {
        sql.execute("update gateway set cordoned = false");
        world.containers.failNext(0);
    }

    private void waits(String who) throws SQLException {
        sql.execute("insert into revival (organization_id, queued_at, not_before, reason) values ('" + who
                + "', now(), now(), 'GATEWAY_LOST')");
    }

    private void awaitServedAgain() {
        await().atMost(PATIENCE)
                .until(() -> sql.column("select 1 from allocation where state = 'SERVING' and generation > " + first
                                        + " and organization_id = '" + organization + "'")
                                .size()
                        == 1);
    }

    private List<String> queue() {
        return sql.column("select organization_id from revival order by queued_at");
    }

    private List<String> live() {
        return sql.column(
                "select state from allocation where state <> 'ENDED' and organization_id = '" + organization + "'");
    }

    private long routedGeneration() {
        return world.edge
                .routeOf(OrganizationId.parse(organization))
                .orElseThrow()
                .generation()
                .value();
    }

    private static <T> T done(Uni<T> work) {
        return work.await().atMost(PATIENCE);
    }

    private static Map<String, Object> push(SimulatedGateway gateway, String text) {
        return Map.of(
                "gateway_id", gateway.ids().get("gateway_id"),
                "organization_id", gateway.ids().get("organization_id"),
                "timestamp", "2026-01-01T00:00:00Z",
                "data", Map.of("gateway_state", Map.of("text", text)));
    }
}
