package dev.ganymede.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** PowerDNS is away for half a minute. */
@Order(3)
class DnsFaults {

    private static final Duration AWAY = Duration.ofSeconds(30);
    private static final Duration QUICKLY = Duration.ofSeconds(8);

    private final World world = World.open();

    @AfterEach
    void rest() {
        world.rest();
    }

    @Test
    void newStartsAreRefusedAtOnceAndWhoIsServedStaysServed() {
        UUID served = world.organizations("dns", 2).get(0).id();
        UUID late = world.organizations("dns", 2).get(1).id();
        long generation = world.serve(served).generation();
        world.parts.act("stop-pdns");
        long stopped = System.nanoTime();
        Answer first = world.api.start(late);
        assertThat(first.said()).isEqualTo("503 dependency-unavailable");
        await("PowerDNS is known to be away")
                .atMost(QUICKLY)
                .until(() -> world.api.health("powerdns").equals("DOWN"));
        Answer refused = refusedWithoutAGateway(late);
        assertThat(world.edge.serves(served)).as("who is served").isEqualTo(generation);
        Duration moved = movesAllTheSame(served);
        await().atMost(World.GENEROUS).until(() -> Api.since(stopped).compareTo(AWAY) > 0);
        world.parts.act("start-pdns");
        Duration healed = world.invariants.await(World.GENEROUS);
        assertThat(world.serve(late).generation()).isPositive();
        world.figures.fault(
                "PowerDNS stopped for 30 s",
                "starts: " + first.said() + " after " + Times.seconds(first.after()) + ", later ones after "
                        + Times.seconds(refused.after()) + "; who is served stays served, also when its gateway dies ("
                        + Times.seconds(moved) + ")",
                "check `powerdns` DOWN; no gateway is used up by refused starts",
                "names right " + Times.seconds(healed) + " after its return");
    }

    /** Starts that come while PowerDNS is known to be away leave the pool as it is. */
    private Answer refusedWithoutAGateway(UUID organization) {
        await("starts take no gateway any more").atMost(World.GENEROUS).until(() -> {
            long before = gatewaysTaken(organization);
            return world.api.start(organization).status() == 503 && gatewaysTaken(organization) == before;
        });
        long before = gatewaysTaken(organization);
        Answer last = null;
        for (int i = 0; i < 10; i++) {
            last = world.api.start(organization);
            assertThat(last.said()).isEqualTo("503 dependency-unavailable");
        }
        assertThat(gatewaysTaken(organization))
                .as("gateways that refused starts used up")
                .isEqualTo(before);
        return last;
    }

    private long gatewaysTaken(UUID organization) {
        return world.database.count("select count(*) from allocation where organization_id = '" + organization + "'");
    }

    /** Its names stay as they are: they point at the same address. */
    private Duration movesAllTheSame(UUID organization) {
        Serving before = world.serving(organization);
        world.docker.signal("KILL", before.container());
        long killed = System.nanoTime();
        await("served by another gateway without DNS")
                .atMost(World.GENEROUS)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> world.edge.serves(organization) > before.generation());
        return Api.since(killed);
    }
}
