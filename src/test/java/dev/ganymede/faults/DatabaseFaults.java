package dev.ganymede.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** PostgreSQL goes down without a checkpoint and comes back, while people edit. */
@Order(5)
class DatabaseFaults {

    private final World world = World.open();

    @AfterEach
    void rest() {
        world.rest();
    }

    @Test
    void callersAreToldAndEditorsNoticeNothing() {
        Organization served = world.organizations("database", 2).get(0);
        Organization late = world.organizations("database", 2).get(1);
        Pushes pushes = new Pushes(world);
        try (Editors editors = Editors.on(world, List.of(served))) {
            Serving before = world.serving(served.id());
            assertThat(pushes.missing()).isEmpty();
            world.parts.act("kill-postgres");
            Answer start = world.api.start(late.id());
            assertThat(start.said()).isEqualTo("503 dependency-unavailable");
            assertThat(world.api.get("/gateway/pool").said()).isEqualTo("503 dependency-unavailable");
            await().atMost(World.GENEROUS)
                    .until(() -> world.api.health("database").equals("DOWN"));
            assertThat(world.edge.serves(served.id())).as("who is served").isEqualTo(before.generation());
            world.parts.act("start-postgres");
            Duration healed = world.invariants.await(World.GENEROUS);
            assertThat(world.serving(served.id())).as("the tenancy").isEqualTo(before);
            Editors.Account account = editors.finish();
            assertThat(account.lost()).as("acknowledged edits that are lost").isZero();
            assertThat(account.disconnections()).as("editors cut off").isZero();
            assertThat(pushes.missing()).as("acknowledged pushes that are lost").isEmpty();
            world.serve(late.id());
            world.figures.fault(
                    "PostgreSQL restarted (immediate)",
                    "every call: " + start.said() + " after " + Times.seconds(start.after())
                            + "; editors notice nothing, " + account.acknowledged() + " edits, 0 lost",
                    "check `database` DOWN",
                    "all right " + Times.seconds(healed) + " after its return, with the same gateways");
        }
    }
}
