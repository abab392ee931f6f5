package dev.ganymede.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** {@code kill -9} of Ganymede, at seeded random moments of a running mixed load, again and again. */
@Order(6)
class KillFaults {

    private static final int KILLS = Integer.getInteger("faults.kills", 100);
    private static final long SEED = Long.getLong("faults.seed", System.nanoTime());
    private static final int LIFE_MILLIS = 1000;

    /** Two tenancies of one organization, or of one gateway, that served at the same time. */
    private static final String OVERLAPS =
            "select count(*) from allocation one join allocation other on one.id < other.id"
                    + " and (one.organization_id = other.organization_id or one.gateway_id = other.gateway_id)"
                    + " and one.serving_at < coalesce(other.ended_at, 'infinity')"
                    + " and other.serving_at < coalesce(one.ended_at, 'infinity')";

    private final World world = World.open();
    private final Random random = new Random(SEED);
    private final Times restarts = new Times();
    private final Times convergences = new Times();

    @Test
    void everythingConvergesAfterEachOfManyKillsAndNothingIsLost() throws Exception {
        Figures.say("killing Ganymede " + KILLS + " times, -Dfaults.seed=" + SEED);
        List<UUID> organizations =
                world.organizations("killed", 8).stream().map(Organization::id).toList();
        world.rest();
        world.service.prepareRestarts();
        Pushes pushes = new Pushes(world);
        try (Load load = new Load(world, organizations, SEED);
                Editors editors = Editors.on(world, world.organizations("edited", 2))) {
            for (int kill = 1; kill <= KILLS; kill++) {
                cycle(load);
                assertThat(pushes.missing())
                        .as("acknowledged pushes that are lost, kill " + kill)
                        .isEmpty();
                if (kill % 10 == 0) {
                    Figures.say(kill + " kills; converged: " + convergences + "; live again: " + restarts);
                }
            }
            Figures.say("the load got " + load.answers());
            Editors.Account account = editors.finish();
            assertThat(account.lost()).as("acknowledged edits that are lost").isZero();
        }
        assertThat(world.database.count(OVERLAPS)).as("tenancies that overlap").isZero();
        world.rest();
        assertThat(pushes.missing()).as("acknowledged pushes that are lost").isEmpty();
        assertThat(pushes.count()).as("pushes that were acknowledged").isPositive();
        nothingIsLeft();
        report(pushes);
    }

    private void cycle(Load load) throws InterruptedException {
        load.resume();
        load.awaitEffect();
        Thread.sleep(random.nextInt(LIFE_MILLIS));
        world.service.kill();
        load.pause();
        restarts.add(world.service.start());
        convergences.add(world.invariants.await(World.CONVERGENCE));
    }

    private void nothingIsLeft() {
        assertThat(Serving.all(world.database)).isEmpty();
        assertThat(world.zone.organizations()).as("names").isEmpty();
        assertThat(world.routes.all()).as("routes").isEmpty();
        assertThat(world.docker.containers()).as("containers").hasSize((int)
                world.database.count("select count(*) from gateway"));
    }

    private void report(Pushes pushes) {
        world.figures.measure("`kill -9` of Ganymede under load", KILLS + " times, seed " + SEED);
        world.figures.measure("live again after `kill -9`", restarts);
        world.figures.measure("converged after being live", convergences);
        world.figures.measure("acknowledged pushes, none missing", pushes.count());
    }
}
