package dev.ganymede.service;

import static dev.ganymede.world.Api.frontend;
import static io.restassured.RestAssured.withArgs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import dev.ganymede.gateway.Allocation;
import dev.ganymede.gateway.AllocationRepository;
import dev.ganymede.id.OrganizationId;
import dev.ganymede.timeline.Stage;
import dev.ganymede.timeline.Timeline;
import dev.ganymede.timeline.TimelinePruning;
import dev.ganymede.world.Api;
import dev.ganymede.world.Sql;
import dev.ganymede.world.TestDatabase;
import dev.ganymede.world.World;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class TimelineIT {

    @Inject
    World world;

    @Inject
    Timeline timeline;

    @Inject
    TimelinePruning pruning;

    @Inject
    AllocationRepository allocations;

    @Inject
    MeterRegistry meters;

    @Inject
    DataSource dataSource;

    private Sql sql;
    private String organization;

    @BeforeEach
    void oneThatWasNeverStarted() {
        sql = new Sql(dataSource);
        world.reset();
        organization = Api.organization("Company A");
    }

    @Test
    void anOrganizationThatWasNeverStarted() {
        timelineOf(organization)
                .body("organization_id", equalTo(organization))
                .body("status", equalTo("NEVER_STARTED"))
                .body("explanation", equalTo("Never started."))
                .body("queued", nullValue())
                .body("tenancies", empty())
                .body("events", empty());
    }

    @Test
    void theTruthComesFromTheAllocationThoughNoStageWasWritten() throws SQLException {
        Allocation allocation = served();
        forget(organization);
        String gateway = world.member(organization).orElseThrow().getString("name");
        timelineOf(organization)
                .body("status", equalTo("SERVING"))
                .body("explanation", startsWith("Served by " + gateway + " since "))
                .body("explanation", containsString("generation " + allocation.generation()))
                .body("tenancies[0].generation", equalTo(number(allocation)))
                .body("tenancies[0].gateway_name", equalTo(gateway))
                .body("tenancies[0].state", equalTo("SERVING"))
                .body("tenancies[0].started_at", notNullValue())
                .body("tenancies[0].serving_at", notNullValue())
                .body("tenancies[0].ended_at", nullValue())
                .body("tenancies[0].start_duration_ms", greaterThanOrEqualTo(0f))
                .body("tenancies[0].stages", empty());
        Api.stop(organization).then().statusCode(200);
        timelineOf(organization)
                .body("status", equalTo("STOPPED"))
                .body("explanation", startsWith("Stopped by its gateway at "))
                .body("tenancies[0].ended_reason", equalTo("STOPPED_BY_GATEWAY"));
    }

    @Test
    void aStartTellsItsStagesAndAStopItsEnd() {
        served();
        await().untilAsserted(() -> assertThat(newestStages())
                .startsWith("ALLOCATED")
                .containsSubsequence("REDEEMED", "HANDED_OVER", "PROVEN", "SERVING")
                .containsSubsequence("PUBLISHED", "PROVEN")
                .hasSize(6));
        Api.stop(organization).then().statusCode(200);
        await().untilAsserted(() -> assertThat(newestStages()).hasSize(8).endsWith("ENDED", "WITHDRAWN"));
    }

    @Test
    void stagesStandInTheirOrderUnderTheirTenancyWithDurationsAndFailures() throws SQLException {
        Allocation first = served();
        Api.stop(organization).then().statusCode(200);
        Allocation second = served();
        forget(organization);
        timeline.reached(first, Stage.ALLOCATED);
        timeline.timed(first, Stage.PUBLISHED, Uni.createFrom().item("done"))
                .await()
                .indefinitely();
        timeline.failed(second, Stage.PROVEN, "no answer\nthrough the edge");
        timeline.noted(OrganizationId.parse(organization), Stage.REFUSED, "no gateway is ready");
        awaitEntries(4);
        timelineOf(organization)
                .body("tenancies[0].generation", equalTo(number(second)))
                .body("tenancies[0].stages.stage", contains("PROVEN"))
                .body("tenancies[0].stages[0].failure", equalTo("no answer through the edge"))
                .rootPath("tenancies.find { it.generation == %d }", withArgs(number(first)))
                .body("stages.stage", contains("ALLOCATED", "PUBLISHED"))
                .body("stages[0].duration_ms", nullValue())
                .body("stages[1].duration_ms", greaterThanOrEqualTo(0f))
                .body("stages[1].failure", nullValue())
                .noRootPath()
                .body("events.stage", contains("REFUSED"))
                .body("events[0].failure", equalTo("no gateway is ready"));
    }

    @Test
    void aTimedStepKeepsItsOutcomeAndItsFailureIsTold() throws SQLException {
        Allocation allocation = served();
        forget(organization);
        Uni<String> broken = timeline.timed(
                allocation, Stage.PUBLISHED, Uni.createFrom().failure(new IllegalStateException("zone")));
        assertThat(broken.onFailure()
                        .recoverWithItem(Throwable::getMessage)
                        .await()
                        .indefinitely())
                .isEqualTo("zone");
        timeline.timed(allocation, Stage.HANDED_OVER, Uni.createFrom().<String>nothing())
                .subscribe()
                .with(item -> {})
                .cancel();
        awaitEntries(2);
        timelineOf(organization)
                .body("tenancies[0].stages.failure", contains("zone", "given up before it was done"))
                .body("tenancies[0].stages[1].duration_ms", notNullValue());
    }

    @Test
    void aStartThatIsCutShortIsStartingAndThenOver() throws SQLException {
        Api.start(organization).then().statusCode(200);
        sql.execute("update allocation set state = 'HANDSHAKING', serving_at = null where organization_id = '"
                + organization + "'");
        try {
            timelineOf(organization)
                    .body("status", equalTo("STARTING"))
                    .body("tenancies[0].start_duration_ms", nullValue());
        } finally {
            sql.execute("update allocation set state = 'SERVING', serving_at = started_at where organization_id = '"
                    + organization + "'");
        }
    }

    @Test
    void whoWaitsForAGatewayIsToldForWhat() throws SQLException {
        sql.execute(
                "insert into revival (organization_id, queued_at, not_before, reason, attempts, last_failure) values ('"
                        + organization
                        + "', now() - interval '1 second', now() + interval '1 hour', 'GATEWAY_LOST', 2, 'no luck')");
        try {
            timelineOf(organization)
                    .body("status", equalTo("QUEUED"))
                    .body("explanation", containsString("2 attempts failed (no luck), the next attempt is at "))
                    .body("queued.attempts", equalTo(2))
                    .body("queued.ahead", equalTo(0))
                    .body("queued.last_failure", equalTo("no luck"))
                    .body("queued.since", notNullValue())
                    .body("queued.not_before", notNullValue());
        } finally {
            sql.execute("delete from revival");
        }
    }

    @Test
    void tenanciesAreBoundedByTheLimit() throws SQLException {
        tenanciesOfThePast(25);
        timelineOf(organization).body("tenancies", hasSize(20)).body("tenancies[0].generation", equalTo(25));
        frontend()
                .get("/organizations/{id}/timeline?limit=3", organization)
                .then()
                .statusCode(200)
                .body("tenancies.generation", contains(25, 24, 23))
                .body("tenancies[0].gateway_name", nullValue());
        for (String limit : List.of("0", "201", "x", "-1", "1.5")) {
            frontend()
                    .get("/organizations/{id}/timeline?limit={limit}", organization, limit)
                    .then()
                    .statusCode(400);
        }
    }

    @Test
    void onlyOperatorsAskAndOnlyForOrganizationsThatExist() {
        frontend()
                .get("/organizations/{id}/timeline", UUID.randomUUID())
                .then()
                .statusCode(404)
                .body("type", equalTo("https://ganymede.dev/problems/organization-not-found"));
        frontend().get("/organizations/{id}/timeline", "x").then().statusCode(400);
        Api.gateway("not-a-token")
                .get("/organizations/{id}/timeline", organization)
                .then()
                .statusCode(401);
    }

    @Test
    void anEntryOfADeletedOrganizationDoesNotCostTheOthersTheirs() {
        timeline.noted(OrganizationId.parse(UUID.randomUUID().toString()), Stage.REFUSED, "nobody's");
        timeline.noted(OrganizationId.parse(organization), Stage.REFUSED, "ours");
        awaitEntries(1);
        timelineOf(organization).body("events.failure", contains("ours"));
    }

    @Test
    void anOutageCostsTheOldestEntriesBeyondTheLimitAndNothingElse() throws SQLException {
        // few enough of each for the pruning to leave them alone
        sql.execute("insert into organization (id, name, created_at)"
                + " select gen_random_uuid(), 'outage', now() from generate_series(1, 201)");
        List<OrganizationId> all = sql.column("select id from organization where name = 'outage'").stream()
                .map(OrganizationId::parse)
                .toList();
        double droppedBefore = dropped();
        sql.execute("alter table timeline rename to timeline_away");
        try {
            IntStream.rangeClosed(1, 10_050)
                    .forEach(n -> timeline.noted(all.get(n % all.size()), Stage.REFUSED, "" + n));
            // a batch may be on its way while the others come in
            await().untilAsserted(() -> assertThat(dropped() - droppedBefore).isEqualTo(50));
        } finally {
            sql.execute("alter table timeline_away rename to timeline");
        }
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(
                        sql.column(
                                "select failure from timeline t"
                                        + " join organization o on o.id = t.organization_id and o.name = 'outage' order by t.id"))
                .isEqualTo(IntStream.rangeClosed(51, 10_050)
                        .mapToObj(Integer::toString)
                        .toList()));
    }

    @Test
    void pruningKeepsTheNewestOfEachOrganization() throws SQLException {
        Allocation allocation = served();
        forget(organization);
        sql.execute("insert into timeline (organization_id, generation, gateway_id, stage, at) select '" + organization
                + "', 1, '" + allocation.gateway() + "', 'n' || n, now() from generate_series(1, 450) n");
        sql.execute("insert into timeline (organization_id, stage, at) select '" + organization
                + "', 'REFUSED', now() from generate_series(1, 90)");
        pruneUntil(490);
        assertThat(sql.column("select stage from timeline where organization_id = '" + organization
                        + "' and generation is not null order by id"))
                .isEqualTo(IntStream.rangeClosed(51, 450).mapToObj(n -> "n" + n).toList());
    }

    @Test
    void pruningRemovesWhatIsTooOldInChunks() throws SQLException {
        sql.execute("insert into timeline (organization_id, generation, stage, at) select '" + organization
                + "', n, 'ENDED', now() - interval '31 days' from generate_series(1, 2500) n");
        sql.execute("insert into timeline (organization_id, stage, at) values ('" + organization
                + "', 'REFUSED', now() - interval '29 days')");
        pruning.run().await().atMost(Duration.ofSeconds(30));
        assertThat(entries()).isEqualTo(1);
    }

    private ValidatableResponse timelineOf(String organization) {
        return frontend()
                .get("/organizations/{id}/timeline", organization)
                .then()
                .statusCode(200);
    }

    private List<String> newestStages() {
        return timelineOf(organization).extract().jsonPath().getList("tenancies[0].stages.stage");
    }

    private Allocation served() {
        Api.start(organization).then().statusCode(200);
        return allocations
                .findLive(OrganizationId.parse(organization))
                .await()
                .indefinitely()
                .orElseThrow();
    }

    /** As JSON has it. On a slow machine a start may take more than one. */
    private static int number(Allocation allocation) {
        return Math.toIntExact(allocation.generation().value());
    }

    /** What the service itself has told so far. */
    private void forget(String organization) throws SQLException {
        int before;
        do {
            before = entries();
            await().pollDelay(Duration.ofMillis(200)).until(() -> true);
        } while (before != entries());
        sql.execute("delete from timeline where organization_id = '" + organization + "'");
    }

    private void tenanciesOfThePast(int count) throws SQLException {
        sql.execute("insert into allocation (id, organization_id, gateway_id, generation, state, handshake_expires_at,"
                + " started_at, ended_at, ended_reason) select gen_random_uuid(), '" + organization
                + "', gen_random_uuid(), n, 'ENDED', now(), now(), now(), 'HANDSHAKE_FAILED'"
                + " from generate_series(1, " + count + ") n");
    }

    private void pruneUntil(int left) {
        await().untilAsserted(() -> {
            pruning.run().await().atMost(Duration.ofSeconds(30));
            assertThat(entries()).isEqualTo(left);
        });
    }

    private void awaitEntries(int count) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(entries()).isEqualTo(count));
    }

    private int entries() {
        return Integer.parseInt(
                sql.value("select count(*) from timeline where organization_id = '" + organization + "'"));
    }

    private double dropped() {
        return meters.counter("ganymede.timeline.dropped").count();
    }
}
