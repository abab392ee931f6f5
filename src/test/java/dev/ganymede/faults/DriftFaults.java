package dev.ganymede.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Somebody changes by hand what is Ganymede's: it is as it was, soon, and nobody who is served notices. */
@Order(5)
class DriftFaults {

    private final World world = World.open();

    @AfterEach
    void rest() {
        world.rest();
    }

    @Test
    void namesAndRoutesAreRepaired() throws IOException {
        List<Organization> organizations = world.organizations("drift", 3);
        List<Serving> before =
                organizations.stream().map(each -> world.serve(each.id())).toList();
        spoilNames(before);
        spoilRoutes(before);
        assertThat(world.invariants.violations()).as("what was spoiled").isNotEmpty();
        Duration healed = world.invariants.await(World.GENEROUS);
        for (Serving each : before) {
            assertThat(world.serving(each.organization())).as("the tenancy").isEqualTo(each);
        }
        world.figures.fault(
                "records deleted, altered, added; route files removed, corrupted, added",
                "a wrong name leads astray until it is repaired; open connections stay",
                "log: what was repaired",
                "all right after " + Times.seconds(healed) + ", with the same gateways");
    }

    private void spoilNames(List<Serving> served) {
        world.zone.remove(world.zone.name(served.get(0).organization()));
        world.zone.put("*." + world.zone.name(served.get(0).organization()), "192.0.2.1");
        world.zone.put(world.zone.name(served.get(1).organization()), "192.0.2.1");
        world.zone.put(world.zone.name(UUID.randomUUID()), "192.0.2.1");
    }

    private void spoilRoutes(List<Serving> served) throws IOException {
        Files.delete(world.routes.file(served.get(0).organization()));
        Files.writeString(world.routes.file(served.get(1).organization()), "} nonsense {\n");
        UUID nobody = UUID.randomUUID();
        Files.writeString(
                world.routes.file(nobody), served.get(2).route().replaceAll("^[0-9a-f-]+", nobody.toString()));
    }

    @Test
    void containersAreRepaired() {
        UUID organization = world.organizations("drift", 1).get(0).id();
        Serving before = world.serve(organization);
        world.invariants.await(World.GENEROUS);
        List<Docker.Container> ready = world.docker.containers().stream()
                .filter(each -> !each.id().equals(before.container()))
                .toList();
        assertThat(ready).as("ready gateways to damage").hasSizeGreaterThanOrEqualTo(4);
        world.docker.act("rm", "--force", ready.get(0).id());
        world.docker.act("stop", "--time", "0", ready.get(1).id());
        world.docker.act("rename", ready.get(2).id(), "somebody-else-" + world.environment.name());
        world.docker.act("pause", ready.get(3).id());
        String orphan = orphan();
        Duration healed = world.invariants.await(World.GENEROUS);
        assertThat(Shell.attempt(List.of("docker", "inspect", orphan)).exitCode())
                .as("the orphan is gone")
                .isNotZero();
        assertThat(world.serving(organization)).as("the tenancy").isEqualTo(before);
        world.figures.fault(
                "ready containers removed, stopped, renamed, paused; one with our label added",
                "nothing, while others are ready",
                "pool: UNHEALTHY with the reason, then replaced",
                "all right after " + Times.seconds(healed));
    }

    private String orphan() {
        return Shell.run(
                "docker",
                "run",
                "--detach",
                "--label",
                "dev.ganymede.environment=" + world.environment.name(),
                "--label",
                "dev.ganymede.gateway=" + UUID.randomUUID(),
                "--label",
                "dev.ganymede.life=" + UUID.randomUUID(),
                world.environment.get("GATEWAY_IMAGE"),
                "sleep",
                "600");
    }

    @Test
    void aServingGatewayThatHangsIsReplaced() {
        UUID organization = world.organizations("drift", 1).get(0).id();
        Serving before = world.serve(organization);
        long hung = System.nanoTime();
        world.docker.act("pause", before.container());
        await("another gateway for " + organization)
                .atMost(World.GENEROUS)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> Serving.all(world.database).stream()
                        .anyMatch(each ->
                                each.organization().equals(organization) && each.generation() > before.generation()));
        Duration served = Api.since(hung);
        Duration healed = world.invariants.await(World.GENEROUS);
        world.figures.fault(
                "a serving gateway hangs (paused)",
                "requests wait, then the next gateway answers",
                "log and timeline: lost after three probes without an answer",
                "served by another one after " + Times.seconds(served) + ", all right " + Times.seconds(healed)
                        + " later");
    }

    @Test
    void aLostZoneIsMadeAnew() {
        Serving before = world.serve(world.organizations("drift", 1).get(0).id());
        world.zone.drop();
        world.parts.act("stop-pdns");
        world.parts.act("start-pdns");
        Duration healed = world.invariants.await(World.GENEROUS);
        assertThat(world.serving(before.organization())).as("the tenancy").isEqualTo(before);
        world.figures.fault(
                "PowerDNS restarted empty (its zone deleted)",
                "names do not resolve; open connections stay",
                "log: `made the zone …`",
                "all names back " + Times.seconds(healed) + " after its return");
    }
}
