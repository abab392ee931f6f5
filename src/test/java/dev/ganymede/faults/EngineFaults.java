package dev.ganymede.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** The Docker engine is restarted, and with it every gateway dies. Only an engine that nobody else uses. */
@Order(7)
class EngineFaults {

    private static final String FAULT = "Docker daemon restarted";

    private final World world = World.open();

    @AfterEach
    void rest() {
        world.rest();
    }

    @Test
    void everyOrganizationComesBackWithItsLastSnapshot() {
        if (!Boolean.getBoolean("faults.engine-is-ours")) {
            world.figures.fault(
                    FAULT, "SKIPPED: this engine was not started by the scripts, others may use it", "", "");
        }
        assumeTrue(Boolean.getBoolean("faults.engine-is-ours"), "SKIPPED: the engine was not started by the scripts");
        List<Organization> organizations = world.organizations("engine", 3);
        Pushes pushes = new Pushes(world);
        try (Editors editors = Editors.on(world, organizations)) {
            assertThat(editors.finish().lost()).isZero();
        }
        await("what was written is pushed").atMost(World.GENEROUS).until(() -> clean(organizations));
        List<Serving> before = Serving.all(world.database);
        world.parts.act("restart-docker");
        long restarted = System.nanoTime();
        Answer start = world.api.start(organizations.get(0).id());
        await("every organization is served again")
                .atMost(World.GENEROUS.multipliedBy(2))
                .until(() ->
                        before.stream().allMatch(each -> world.edge.serves(each.organization()) > each.generation()));
        Duration again = Api.since(restarted);
        Duration healed = world.invariants.await(World.GENEROUS);
        assertThat(pushes.missing()).as("acknowledged pushes that are lost").isEmpty();
        world.figures.fault(
                FAULT,
                "a start right after it: " + start.said() + "; every organization comes back with its last snapshot",
                "check `docker` DOWN while it is away; pool: `GATEWAY_LOST`",
                "served again " + Times.seconds(again) + " after the engine's return, all right "
                        + Times.seconds(healed) + " later");
    }

    private boolean clean(List<Organization> organizations) {
        return organizations.stream()
                .map(Organization::id)
                .map((UUID id) -> world.edge.healthNow(id))
                .noneMatch(health -> health.body().path("dirty").asBoolean(true));
    }
}
