package dev.ganymede.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** The edge is away, or its directory has no room, or nothing in it. */
@Order(4)
class EdgeFaults {

    private final World world = World.open();
    private final UUID served = world.organizations("edge", 2).get(0).id();
    private final UUID late = world.organizations("edge", 2).get(1).id();
    private final Path directory = world.environment.path("EDGE_DIR");

    @AfterEach
    void rest() {
        world.rest();
    }

    @Test
    void theEdgeStoppedCostsNoTenancy() {
        Serving before = world.serve(served);
        world.parts.act("stop-edge");
        await().atMost(World.GENEROUS).until(() -> world.api.health("edge").equals("DOWN"));
        Answer start = world.api.start(late);
        assertThat(start.said()).isEqualTo("503 dependency-unavailable");
        Answer visitor = world.edge.healthNow(served);
        assertThat(visitor.status()).isZero();
        world.parts.act("start-edge");
        Duration healed = world.invariants.await(World.GENEROUS);
        assertThat(world.serving(served)).as("the tenancy").isEqualTo(before);
        world.serve(late);
        world.figures.fault(
                "nginx stopped",
                "visitors: " + visitor.said() + "; starts: " + start.said() + " after " + Times.seconds(start.after()),
                "check `edge` DOWN",
                "all right " + Times.seconds(healed) + " after its return, with the same gateways");
    }

    /** A small file system of its own over the directory: empty at first, which is a fault of its own. */
    @Test
    void anEmptyDirectoryIsFilledAndAFullOneRefusesStartsOnly() throws IOException {
        Serving before = world.serve(served);
        world.parts.act("stop-edge");
        boolean mounted = world.parts.can("mount-edge");
        if (!mounted) {
            world.parts.act("start-edge");
            world.figures.fault("disk full on the edge's directory", "SKIPPED: mounting is not permitted here", "", "");
        }
        assumeTrue(mounted, "SKIPPED: mounting a file system is not permitted here");
        try {
            comesBackIntoTheEmptyDirectory(before);
            isFull(before);
        } finally {
            world.parts.act("stop-edge");
            world.parts.act("unmount-edge");
            awaitConfiguration();
            world.parts.act("start-edge");
        }
        world.invariants.await(World.GENEROUS);
    }

    private void comesBackIntoTheEmptyDirectory(Serving before) {
        Duration rendered = awaitConfiguration();
        world.parts.act("start-edge");
        Duration healed = world.invariants.await(World.GENEROUS);
        assertThat(world.serving(served)).isEqualTo(before);
        world.figures.fault(
                "nginx restarted empty (its directory lost)",
                "visitors: no answer until nginx runs again",
                "check `edge` DOWN",
                "rendered anew after " + Times.seconds(rendered) + ", all right " + Times.seconds(healed)
                        + " after nginx' start, with the same gateways");
    }

    private void isFull(Serving before) throws IOException {
        Path filler = directory.resolve("filler");
        fill(filler);
        Answer start = world.api.start(late);
        assertThat(start.said()).isEqualTo("503 dependency-unavailable");
        assertThat(world.edge.serves(served)).as("who is served").isEqualTo(before.generation());
        String check = world.api.health("edge");
        Files.delete(filler);
        long freed = System.nanoTime();
        world.serve(late);
        Duration again = Api.since(freed);
        Duration healed = world.invariants.await(World.GENEROUS);
        world.figures.fault(
                "disk full on the edge's directory",
                "starts: " + start.said() + " after " + Times.seconds(start.after()) + "; who is served stays served",
                "check `edge` " + check + "; log: `could not stage the edge's file …`",
                "starts again " + Times.seconds(again) + " after there is room, all right " + Times.seconds(healed)
                        + " later");
    }

    private static void fill(Path file) {
        byte[] block = new byte[64 * 1024];
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int size = block.length; size > 0; size /= 2) {
                fill(out, block, size);
            }
        } catch (IOException full) {
            // closing has nothing to write any more
        }
    }

    private static void fill(OutputStream out, byte[] block, int size) {
        try {
            while (true) {
                out.write(block, 0, size);
            }
        } catch (IOException full) {
            // smaller pieces may still fit
        }
    }

    private Duration awaitConfiguration() {
        long begun = System.nanoTime();
        await("Ganymede renders the edge's configuration")
                .atMost(World.GENEROUS)
                .until(() -> Files.exists(directory.resolve("nginx.conf")));
        return Api.since(begun);
    }
}
