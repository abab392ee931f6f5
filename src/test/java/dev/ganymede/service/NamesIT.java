package dev.ganymede.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ganymede.dns.DnsZone.Published;
import dev.ganymede.dns.HostAddress;
import dev.ganymede.edge.Route;
import dev.ganymede.id.Endpoint;
import dev.ganymede.id.Generation;
import dev.ganymede.id.OrganizationId;
import dev.ganymede.world.Api;
import dev.ganymede.world.Sql;
import dev.ganymede.world.TestDatabase;
import dev.ganymede.world.World;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two processes change the names of one organization; the other one is played by the test, at the worst moment. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class NamesIT {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Inject
    World world;

    @Inject
    DataSource dataSource;

    private Sql sql;
    private String organization;

    @BeforeEach
    void fresh() {
        sql = new Sql(dataSource);
        world.reset();
        organization = Api.organization("Company A");
    }

    @AfterEach
    void unwatched() throws SQLException {
        world.watch(call -> {});
        sql.execute("update gateway set cordoned = false");
    }

    @Test
    void aWithdrawalThatLandsAfterAnotherProcessHasPublishedLeavesTheNamesPublished() {
        Api.start(organization).then().statusCode(200);
        before("EdgeRoutes.withdraw", this::anotherProcessStartsIt);
        Api.stop(organization).then().statusCode(200);
        assertThat(world.published(organization)).isTrue();
        assertThat(routeOf(organization).generation()).isEqualTo(generation());
    }

    @Test
    void aPublicationThatLandsAfterTheEndOfItsTenancyIsTakenBack() {
        before("EdgeRoutes.publish", () -> {
            sql.execute("with ended as (update allocation set state = 'ENDED', ended_at = now(),"
                    + " ended_reason = 'STOPPED_BY_OPERATOR' where organization_id = '" + organization
                    + "' returning gateway_id) update gateway set state = 'REMOVING' from ended where id = gateway_id");
            // nobody else may serve it instead
            sql.execute("update gateway set cordoned = true");
        });
        assertThat(Api.start(organization).statusCode()).isEqualTo(503);
        await().atMost(PATIENCE).until(() -> !world.routed(organization));
    }

    @Test
    void aWithdrawalThatLandsAfterItsAnswerWasLostAndTheOrganizationIsUpAgainIsMadeGood() {
        Api.start(organization).then().statusCode(200);
        world.zone.arriveLate(OrganizationId.parse(organization), Optional.empty());
        await().atMost(PATIENCE).until(() -> world.published(organization));
    }

    @Test
    void aPublicationThatLandsAfterItsAnswerWasLostAndTheOrganizationWasStoppedIsTakenBack() {
        Api.start(organization).then().statusCode(200);
        Api.stop(organization).then().statusCode(200);
        OrganizationId id = OrganizationId.parse(organization);
        world.zone.arriveLate(id, Optional.of(new Published.At(new HostAddress("127.0.0.1"))));
        await().atMost(PATIENCE).until(() -> !world.zone.names().containsKey(id));
    }

    @FunctionalInterface
    private interface Step {
        void run() throws SQLException;
    }

    /** Once, before the call is made. */
    private void before(String call, Step step) {
        AtomicBoolean done = new AtomicBoolean();
        world.watch(made -> {
            if (made.equals(call) && done.compareAndSet(false, true)) {
                try {
                    step.run();
                } catch (SQLException failure) {
                    throw new IllegalStateException(failure);
                }
            }
        });
    }

    private void anotherProcessStartsIt() throws SQLException {
        sql.execute("with taken as (update gateway set state = 'ALLOCATED' where id = (select id from gateway"
                + " where state = 'READY' order by slot limit 1) returning id),"
                + " counted as (update organization set generation = generation + 1 where id = '" + organization
                + "' returning generation)"
                + " insert into allocation (id, organization_id, gateway_id, generation, state, handshake_expires_at,"
                + " started_at, serving_at) select gen_random_uuid(), '" + organization
                + "', taken.id, generation, 'SERVING', now(), now(), now() from taken, counted");
        int port = Integer.parseInt(sql.value("select g.http_port from gateway g join allocation a"
                + " on a.gateway_id = g.id and a.state = 'SERVING'"));
        OrganizationId id = OrganizationId.parse(organization);
        // the fakes are done when subscribed to
        world.zone.publish(id, new HostAddress("127.0.0.1")).subscribe().with(done -> {});
        world.edge
                .publish(new Route(id, new Endpoint("127.0.77.1", port), generation()))
                .subscribe()
                .with(done -> {});
    }

    private Generation generation() {
        return new Generation(
                Long.parseLong(sql.value("select generation from organization where id = '" + organization + "'")));
    }

    private Route routeOf(String who) {
        return world.edge.routeOf(OrganizationId.parse(who)).orElseThrow();
    }
}
