package dev.ganymede.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** {@code kill -9} of a gateway under two people who edit: another one takes over, and nothing that was acknowledged is lost. */
@Order(2)
class FailoverFaults {

    private static final int KILLS = Integer.getInteger("faults.gateway-kills", 20);

    private final World world = World.open();
    private final Times servedAgain = new Times();

    @AfterEach
    void rest() {
        world.rest();
    }

    @Test
    void anotherGatewayTakesOverAndNoAcknowledgedEditIsLost() {
        Organization organization = world.organizations("failover", 1).get(0);
        world.serve(organization.id());
        Pushes pushes = new Pushes(world);
        try (Editors editors = Editors.on(world, List.of(organization))) {
            world.invariants.await(World.GENEROUS);
            for (int kill = 1; kill <= KILLS; kill++) {
                servedAgain.add(killAndAwaitTheNext(organization.id()));
                world.invariants.await(World.CONVERGENCE);
                awaitBothBack(editors, 2 * kill);
                assertThat(pushes.missing())
                        .as("acknowledged pushes that are lost")
                        .isEmpty();
                if (kill % 10 == 0) {
                    Figures.say(kill + " gateways killed; served again: " + servedAgain);
                }
            }
            Editors.Account account = editors.finish();
            assertThat(account.lost()).as("acknowledged edits that are lost").isZero();
            assertThat(account.duplicates()).as("edits that came twice").isZero();
            world.figures.measure(
                    "`kill -9` of a serving gateway under two editors",
                    KILLS + " times; " + account.acknowledged() + " edits acknowledged, " + account.lost() + " lost");
            world.figures.measure("from the kill to served again (target 2 s)", servedAgain);
            world.figures.measure("the editors' own downtimes", account.downtimes());
        }
    }

    private Duration killAndAwaitTheNext(UUID organization) {
        Serving before = world.serving(organization);
        long killed = System.nanoTime();
        world.docker.signal("KILL", before.container());
        await("another gateway for " + organization)
                .atMost(World.GENEROUS)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> world.edge.serves(organization) > before.generation());
        return Api.since(killed);
    }

    /** The next kill is to hit people who are in. */
    private static void awaitBothBack(Editors editors, int times) {
        await("the editors are back").atMost(World.GENEROUS).until(() -> editors.returns() >= times);
    }
}
