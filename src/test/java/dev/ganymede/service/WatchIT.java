package dev.ganymede.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ganymede.gateway.LivingGateways;
import dev.ganymede.id.GatewayId;
import dev.ganymede.id.LifeId;
import dev.ganymede.world.Api;
import dev.ganymede.world.SimulatedGateway;
import dev.ganymede.world.Sql;
import dev.ganymede.world.TestDatabase;
import dev.ganymede.world.World;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Gateways that die, hang or forget: who counts as lost, and who has merely left. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class WatchIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int NO_CALL_SUCCEEDS = 1_000_000;

    @Inject
    World world;

    @Inject
    DataSource dataSource;

    @Inject
    LivingGateways gateways;

    @Inject
    MeterRegistry metrics;

    private Sql sql;
    private String organization;
    private SimulatedGateway gateway;

    @BeforeEach
    void oneIsServed() throws SQLException {
        sql = new Sql(dataSource);
        sql.execute("delete from revival");
        world.reset();
        organization = Api.organization("Company A");
        Api.start(organization).then().statusCode(200);
        gateway = world.gateways.serving(organization).orElseThrow();
    }

    @AfterEach
    void nobodyWaits() throws SQLException {
        world.containers.failNext(0);
        sql.execute("delete from revival");
    }

    @Test
    void aContainerThatDiesIsHeardOfThoughTheEngineCanNotBeAsked() {
        world.containers.failNext(NO_CALL_SUCCEEDS);
        world.containers.killByName(gateway.spec().name());
        awaitEnd("GATEWAY_LOST");
        assertThat(isServedAgain()).isTrue();
    }

    @Test
    void whoHasLeftBeforeItsContainerEndsIsNotLost() {
        gateway.leave();
        world.containers.killByName(gateway.spec().name());
        awaitEnd("STOPPED_BY_GATEWAY");
        world.awaitReady(3);
        assertThat(isServedAgain()).isFalse();
    }

    @Test
    void whoDiesWhileAnOperatorStopsItIsStopped() {
        world.withoutFarewells(() -> Api.stop(organization).then().statusCode(200));
        awaitEnd("STOPPED_BY_OPERATOR");
        world.awaitReady(3);
        assertThat(isServedAgain()).isFalse();
        assertThat(sql.value("select failures from gateway where id = '"
                        + gateway.spec().gateway() + "'"))
                .isEqualTo("0");
    }

    @Test
    void anOperatorsStopIsNotUndoneByADrainUnderWay() throws SQLException {
        sql.execute("update allocation set revive = true where state <> 'ENDED'");
        Api.stop(organization).then().statusCode(200);
        awaitEnd("STOPPED_BY_GATEWAY");
        assertThat(isServedAgain()).isFalse();
    }

    @Test
    void oneWithClientsIsNotSilent() throws SQLException {
        String due =
                "select silent_at from allocation where generation = 1 and organization_id = '" + organization + "'";
        String before = sql.value(due);
        world.gateways.connections(gateway.spec().name(), 2);
        await().atMost(PATIENCE).until(() -> sql.value(due).compareTo(before) > 0);
    }

    @Test
    void newsOfAnotherLifeAreNotAboutThisTenancy() {
        GatewayId id = gateway.spec().gateway();
        assertThat(gateways.allocationOf(id, gateway.spec().life()).await().atMost(PATIENCE))
                .isPresent();
        assertThat(gateways.allocationOf(id, new LifeId(UUID.randomUUID()))
                        .await()
                        .atMost(PATIENCE))
                .isEmpty();
    }

    @Test
    void oneThatHangsIsLost() {
        world.gateways.hang(gateway.spec().name());
        awaitEnd("GATEWAY_LOST");
        assertThat(isServedAgain()).isTrue();
    }

    @Test
    void oneThatForgotWhomItServesIsLost() {
        world.gateways.forget(gateway.spec().name());
        awaitEnd("GATEWAY_LOST");
    }

    @Test
    void aReadyOneThatHangsIsReplaced() {
        SimulatedGateway idle = world.gateways.all().stream()
                .filter(one -> one != gateway)
                .findFirst()
                .orElseThrow();
        world.gateways.hang(idle.spec().name());
        await().atMost(PATIENCE).until(() -> world.containers.running().stream()
                .anyMatch(spec -> spec.gateway().equals(idle.spec().gateway())
                        && !spec.life().equals(idle.spec().life())));
        assertThat(world.serving()).containsExactly(organization);
    }

    @Test
    void whenAllAreSilentAtOnceNobodyIsFailedOverForThatAlone() {
        List<String> all =
                world.gateways.all().stream().map(one -> one.spec().name()).toList();
        double before = misses();
        all.forEach(world.gateways::hang);
        await().atMost(PATIENCE).until(() -> misses() - before >= 4 * all.size());
        all.forEach(world.gateways::awake);
        double heardAgain = misses();
        await().pollDelay(Duration.ofSeconds(3)).until(() -> misses() - heardAgain <= all.size());
        assertThat(world.gateways.serving(organization)).containsSame(gateway);
        assertThat(sql.column("select id from gateway where state = 'UNHEALTHY'"))
                .isEmpty();
    }

    private double misses() {
        return metrics.get("ganymede.health.misses").counter().count();
    }

    /** Of the first tenancy. */
    private void awaitEnd(String reason) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(
                        sql.column("select ended_reason from allocation where generation = 1 and"
                                + " organization_id = '" + organization + "'"))
                .containsExactly(reason));
    }

    /** It waits for another gateway, or has one already. */
    private boolean isServedAgain() {
        return !sql.column("select organization_id from revival where organization_id = '" + organization
                        + "' union select organization_id from allocation where generation > 1 and organization_id = '"
                        + organization + "'")
                .isEmpty();
    }
}
