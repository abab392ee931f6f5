package dev.ganymede.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganymede.snapshot.Model.Organization;
import dev.ganymede.snapshot.StoreActions.Edit;
import dev.ganymede.snapshot.StoreActions.Push;
import dev.ganymede.snapshot.StoreActions.PushUnchanged;
import dev.ganymede.snapshot.StoreActions.Style;
import dev.ganymede.snapshot.StoreWorld.Wire;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The upkeep as a process of its own, killed at random moments while gateways push. */
class KilledUpkeepProcessIT {

    private static final int LIVES = 20;

    /** More than a life may have to do before it is killed; and what nothing else has the length of. */
    private static final int GARBAGE = 150;

    private static final int GARBAGE_BYTES = 1_234;
    private static final long SEED = Long.getLong("ganymede.test.seed", new Random().nextLong());

    private final Random random = new Random(SEED);
    private final StoreWorld world = new StoreWorld();
    private final Model model = new Model();
    private Child next;
    private int left;

    /** The process, and what it says. */
    private record Child(String name, Process process, BufferedReader says) {

        static Child start(int port) throws IOException {
            String name = "upkeep-" + UUID.randomUUID();
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-XX:+UseSerialGC",
                            "-Xmx128m",
                            "-cp",
                            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                            UpkeepProcess.class.getName(),
                            Integer.toString(port),
                            name)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return new Child(name, process, process.inputReader(StandardCharsets.UTF_8));
        }

        void begin(String time) throws IOException {
            assertThat(says.readLine()).isEqualTo(UpkeepProcess.READY);
            new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8).println(time);
        }

        void kill() throws InterruptedException {
            process.destroyForcibly().waitFor();
        }
    }

    @AfterEach
    void end() throws Exception {
        next.kill();
        world.close();
    }

    @Test
    void nothingThatWasAcknowledgedIsLost() throws Exception {
        world.reset();
        for (int i = 0; i < 3; i++) {
            Organization organization = new Organization(world.organization());
            model.organizations.add(organization);
            StoreActions.serve(world, model, organization);
        }
        pushes(30);
        next = Child.start(world.database.port());
        for (int life = 1; life <= LIVES; life++) {
            try {
                live();
            } catch (AssertionError | RuntimeException failure) {
                throw new AssertionError("life " + life + " with seed " + SEED, failure);
            }
        }
        atTheEndNothingIsLeftOver();
    }

    private void live() throws IOException, InterruptedException {
        pushes(10);
        garbage();
        world.clock.advance(Duration.ofMinutes(61 + random.nextInt(60)));
        long goal = old() - random.nextInt(1 << (1 + random.nextInt(7)));
        Child child = next;
        child.begin(world.clock.instant().toString());
        pushUntilLeft(goal);
        Organization organization = model.organizations.get(0);
        Content content = organization.work.with(5, 1 + random.nextInt(8)).withGatewayState(random.nextInt(10_000));
        Wire wire =
                new Wire(organization.tenancy, organization.json(content), world.clock.instant(), OptionalLong.empty());
        ReceivedPush received = world.receive(wire);
        child.kill();
        next = Child.start(world.database.port());
        world.database.awaitGone(child.name());
        model.thinned(world);
        model.check(world);
        world.commit(wire, received, world.arrival());
        organization.work = content;
        organization.pushed(wire, content, world.clock.instant());
    }

    private void pushes(int number) {
        for (int i = 0; i < number; i++) {
            List<Edit> edits = List.of(new Edit(random.nextInt(5), 1 + random.nextInt(8)));
            new Push(random.nextInt(3), edits, random.nextInt(10_000), Style.FULL).run(world, model);
        }
    }

    /** What the upkeep has done is the clock by which it is killed. */
    private void pushUntilLeft(long goal) {
        for (int i = 0; old() > goal; i++) {
            assertThat(i).as("pushes while it removes something").isLessThan(10_000);
            new PushUnchanged(i % 3, Style.FULL).run(world, model);
            if (random.nextInt(8) == 0) {
                pushes(1);
            }
        }
    }

    /** Versions and orphans of before this life: what the upkeep may remove is among them. */
    private long old() {
        return Long.parseLong(world.sql.value(
                """
                select (select count(*) from snapshot where stored_at < '%1$s')
                    + (select count(*) from blob where used_at < '%1$s' and size_bytes = %2$d)"""
                        .formatted(world.clock.instant(), GARBAGE_BYTES)));
    }

    private void garbage() {
        world.leave(IntStream.range(0, GARBAGE)
                .mapToObj(i -> Blob.of(
                        ByteBuffer.allocate(GARBAGE_BYTES).putInt(left++).array()))
                .toList());
    }

    private void atTheEndNothingIsLeftOver() {
        world.clock.advance(Duration.ofDays(40));
        undisturbed();
        world.clock.advance(Duration.ofHours(2));
        undisturbed();
        model.check(world);
        assertThat(model.organizations)
                .allSatisfy(organization -> assertThat(organization.versions).hasSize(1));
        assertThat(world.sql.column("select 1 from blob where sha256 not in (select sha256 from snapshot_part)"))
                .as("blobs that nobody refers to")
                .isEmpty();
    }

    private void undisturbed() {
        StoreWorld.await(StoreWorld.upkeep(world.pool, world.clock).run());
        model.thinned(world);
    }
}
