package dev.ganymede.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** What is being pushed while somebody dies: Ganymede in the middle of megabytes, a gateway whose store is away. */
@Order(5)
class SnapshotFaults {

    private static final int KILLS = Integer.getInteger("faults.push-kills", 5);
    private static final long SEED = Long.getLong("faults.seed", System.nanoTime());
    private static final int NOISE_KIBIBYTES = 2048;
    /** Within which a push begins (GATEWAY_AUTOSAVE_SECONDS is 1 here). */
    private static final int PUSH_MILLIS = 1500;

    private final World world = World.open();
    private final Random random = new Random(SEED);

    @AfterEach
    void rest() {
        world.rest();
    }

    @Test
    void ganymedeIsKilledInTheMiddleOfLargePushes() throws InterruptedException {
        Organization organization = world.organizations("large", 1).get(0);
        Document document = Document.open(world, organization);
        Pushes pushes = new Pushes(world);
        Times converged = new Times();
        for (int kill = 1; kill <= KILLS; kill++) {
            document.append("before kill " + kill, NOISE_KIBIBYTES);
            Thread.sleep(random.nextInt(PUSH_MILLIS));
            world.service.kill();
            world.service.start();
            converged.add(world.invariants.await(World.CONVERGENCE));
            assertThat(pushes.missing()).as("acknowledged pushes that are lost").isEmpty();
        }
        awaitSaved(organization.id());
        assertThat(pushes.missing()).as("acknowledged pushes that are lost").isEmpty();
        world.api.stop(organization.id());
        assertThat(Document.open(world, organization).last()).isEqualTo("before kill " + KILLS);
        world.figures.fault(
                "Ganymede killed in the middle of pushes of up to " + KILLS * NOISE_KIBIBYTES / 1024 + " MiB",
                "editors notice nothing; the gateway repeats the push",
                "gateway log: `push failed`",
                KILLS + " times; converged " + converged + "; nothing lost, no damaged blob");
    }

    @Test
    void aGatewayThatEndsWhileTheStoreIsAwayLeavesItsDataToTheNextOne() {
        Organization organization = world.organizations("unsent", 1).get(0);
        Document document = Document.open(world, organization);
        document.append("saved", 0);
        awaitSaved(organization.id());
        Serving before = world.serving(organization.id());
        world.parts.act("kill-postgres");
        document.append("never pushed", 0);
        world.docker.signal("TERM", before.container());
        await("the gateway leaves, with a file").atMost(World.GENEROUS).until(() -> ended(before));
        world.parts.act("start-postgres");
        long back = System.nanoTime();
        await("what it could not push is imported").atMost(World.GENEROUS).until(() -> rescued(organization.id()) == 1);
        Duration imported = Api.since(back);
        world.invariants.await(World.GENEROUS);
        // one that took over before the import does not have it; the next start does
        world.api.stop(organization.id());
        Document next = Document.open(world, organization);
        assertThat(next.last()).isEqualTo("never pushed");
        awaitMerged(organization.id());
        world.figures.fault(
                "a gateway gets SIGTERM while PostgreSQL is away",
                "editors are cut off, and come back when it is there again",
                "exit code 77; log: `what … could not push is stored`",
                "imported " + Times.seconds(imported) + " after its return; the next gateway has the edits");
    }

    /** The file counts as one version, however often it is looked at. */
    private long rescued(UUID organization) {
        return world.database.count(
                "select count(*) from snapshot where kind = 'RESCUE' and organization_id = '" + organization + "'");
    }

    /** The next push includes it. */
    private void awaitMerged(UUID organization) {
        await("it is merged")
                .atMost(World.GENEROUS)
                .until(() ->
                        world.database.count("select count(*) from snapshot where kind = 'RESCUE' and merged_at is null"
                                        + " and organization_id = '" + organization + "'")
                                == 0);
    }

    private boolean ended(Serving serving) {
        return world.docker.containers().stream()
                .noneMatch(container -> container.id().equals(serving.container())
                        && container.state().equals("running"));
    }

    private void awaitSaved(UUID organization) {
        await("everything is pushed")
                .atMost(World.GENEROUS)
                .until(() ->
                        !world.edge.healthNow(organization).body().path("dirty").asBoolean(true));
    }
}
