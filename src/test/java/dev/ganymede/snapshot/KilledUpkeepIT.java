package dev.ganymede.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganymede.snapshot.MortalUpkeep.Death;
import dev.ganymede.snapshot.MortalUpkeep.RowMoment;
import dev.ganymede.snapshot.UpkeepScene.Stock;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One share of the upkeep, killed at each of its moments: nothing is half removed, nothing is missing that has to be there, and the next share ends what this one
 * has begun.
 */
class KilledUpkeepIT {

    private static final Duration GRACE = Duration.ofHours(1);

    private static StoreWorld world;
    private static MortalUpkeep upkeep;
    private static UpkeepScene scene;
    private static Stock before;
    private static Set<String> garbage;
    private static Stock thinned;
    private static Stock end;

    @BeforeAll
    static void run() throws IOException {
        world = new StoreWorld();
        upkeep = new MortalUpkeep(world);
        scene = new UpkeepScene(world);
        before = scene.stock();
        garbage = scene.garbage(GRACE);
        undisturbed();
        thinned = scene.stock();
        end = end();
    }

    @AfterAll
    static void close() throws IOException {
        upkeep.close();
        world.close();
    }

    @Test
    void thereIsWorkOfEachKindInMoreThanOneTransaction() {
        assertThat(before.versions()).hasSizeGreaterThan(50 + thinned.versions().size());
        assertThat(garbage).hasSizeGreaterThan(50);
        assertThat(thinned.blobs())
                .as("what the garbage was goes at once, what the versions were made of later")
                .isEqualTo(without(before.blobs(), garbage));
        assertThat(end.blobs()).hasSizeLessThan(thinned.blobs().size() - 50);
    }

    @ParameterizedTest
    @EnumSource
    void betweenAnyTwoMessages(Death death) {
        int message = 1;
        while (killed("at message " + message + ": " + death, upkeepDiesAt(message, death))) {
            message++;
        }
        assertThat(message).as("messages of an undisturbed share").isGreaterThan(20);
    }

    private static BooleanSupplier upkeepDiesAt(int message, Death death) {
        return () -> upkeep.dieAt(message, death);
    }

    static List<RowMoment> rows() {
        return RowMoment.all();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void inTheMiddleOfAStatementOrACommit(RowMoment moment) {
        int row = 1;
        while (killedAtRow(row, moment)) {
            row *= 8;
        }
        assertThat(row).as("the first row is reached").isGreaterThan(1);
    }

    private static boolean killedAtRow(int row, RowMoment moment) {
        return killed("at row " + row + ": " + moment, () -> upkeep.dieAtRow(row, moment));
    }

    /** False: it was done before it could be killed. */
    private static boolean killed(String moment, BooleanSupplier share) {
        scene.begin();
        boolean killed = share.getAsBoolean();
        Stock left = scene.stock();
        assertThat(before.versions().entrySet())
                .as("versions %s", moment)
                .containsAll(left.versions().entrySet());
        assertThat(left.versions().entrySet())
                .as("versions %s", moment)
                .containsAll(thinned.versions().entrySet());
        assertThat(left.heads()).as("heads %s", moment).isEqualTo(before.heads());
        assertThat(garbage).as("what is gone %s", moment).containsAll(without(before.blobs(), left.blobs()));
        assertThat(scene.brokenBlobs()).as("blobs %s", moment).isEmpty();

        world.clock.advance(Retention.PAUSE);
        undisturbed();
        assertThat(scene.stock())
                .as("what the next share leaves, killed %s", moment)
                .isEqualTo(thinned);
        assertThat(end()).as("the end, killed %s", moment).isEqualTo(end);
        return killed;
    }

    /** The push is done that was under way all the time, and the grace of what the versions were made of is over. */
    private static Stock end() {
        scene.finishPush();
        world.clock.advance(GRACE.multipliedBy(2));
        undisturbed();
        assertThat(scene.garbage(GRACE)).isEmpty();
        assertThat(scene.brokenBlobs()).isEmpty();
        world.clock.advance(GRACE.multipliedBy(2));
        undisturbed();
        assertThat(scene.orphans()).isEmpty();
        return scene.stock();
    }

    private static void undisturbed() {
        StoreWorld.await(StoreWorld.upkeep(world.pool, world.clock).run());
    }

    private static Set<String> without(Set<String> all, Set<String> these) {
        Set<String> rest = new HashSet<>(all);
        rest.removeAll(these);
        return rest;
    }
}
