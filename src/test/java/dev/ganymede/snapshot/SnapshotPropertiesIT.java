package dev.ganymede.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganymede.snapshot.Model.Organization;
import dev.ganymede.snapshot.StoreActions.Action;
import dev.ganymede.snapshot.StoreActions.Edit;
import dev.ganymede.snapshot.StoreActions.Style;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * Whatever happens in whatever order: every acknowledged version inside retention reads back byte for byte, the head is what it has to be, and what was refused
 * changed nothing.
 */
class SnapshotPropertiesIT {

    private static StoreWorld world;

    @BeforeContainer
    static void run() {
        world = new StoreWorld();
    }

    @AfterContainer
    static void end() throws IOException {
        world.close();
    }

    @Property(tries = 50)
    void whatWasAcknowledgedReadsBack(@ForAll("histories") List<Action> history) {
        Model model = start();
        for (Action action : history) {
            action.run(world, model);
            model.check(world);
        }
        world.clock.advance(Duration.ofDays(40));
        new StoreActions.Upkeep().run(world, model);
        world.clock.advance(Duration.ofHours(2));
        new StoreActions.Upkeep().run(world, model);
        model.check(world);
        assertThat(model.organizations)
                .as("of each there is the head, the newest and the newest that is whole")
                .allSatisfy(organization -> assertThat(organization.versions).hasSizeLessThanOrEqualTo(3));
        assertThat(world.sql.column(
                        "select 1 from blob where sha256 not in (select sha256 from snapshot_part) limit 1"))
                .as("blobs that nobody refers to")
                .isEmpty();
    }

    private static Model start() {
        world.reset();
        Model model = new Model();
        for (int i = 0; i < 2; i++) {
            Organization organization = new Organization(world.organization());
            model.organizations.add(organization);
            StoreActions.serve(world, model, organization);
        }
        return model;
    }

    @Provide
    Arbitrary<List<Action>> histories() {
        Arbitrary<Integer> any = Arbitraries.integers().between(0, 30);
        Arbitrary<Style> styles = Arbitraries.of(Style.class);
        Arbitrary<List<Edit>> edits = edits();
        return Arbitraries.<Action>frequencyOf(
                        Tuple.of(
                                10,
                                Combinators.combine(
                                                any,
                                                edits,
                                                Arbitraries.integers().between(0, 3),
                                                styles)
                                        .as(StoreActions.Push::new)),
                        Tuple.of(2, Combinators.combine(any, styles).as(StoreActions.PushUnchanged::new)),
                        Tuple.of(
                                3,
                                Combinators.combine(
                                                any,
                                                edits,
                                                Arbitraries.integers().between(0, 25))
                                        .as(StoreActions.SlowPush::new)),
                        Tuple.of(2, Combinators.combine(any, edits, edits).as(StoreActions.ConcurrentPushes::new)),
                        Tuple.of(2, Combinators.combine(any, edits).as(StoreActions.LatePush::new)),
                        Tuple.of(2, any.map(StoreActions.PushOfTheDead::new)),
                        Tuple.of(2, Combinators.combine(any, any).as(StoreActions.Replay::new)),
                        Tuple.of(1, Combinators.combine(any, states()).as(StoreActions.PushOfAnothersBlob::new)),
                        Tuple.of(
                                4,
                                Combinators.combine(
                                                any,
                                                edits,
                                                Arbitraries.integers().between(1, 25),
                                                Arbitraries.of(CuttingProxy.Cut.class))
                                        .as(StoreActions.Crash::new)),
                        Tuple.of(3, any.map(StoreActions.Failover::new)),
                        Tuple.of(2, Combinators.combine(any, any).as(StoreActions.RestoreVersion::new)),
                        Tuple.of(1, Combinators.combine(any, any).as(StoreActions.CloneVersion::new)),
                        Tuple.of(6, times().map(StoreActions.Pass::new)),
                        Tuple.of(5, Arbitraries.create(StoreActions.Upkeep::new)),
                        Tuple.of(1, Combinators.combine(any, any, any).as(StoreActions.Damage::new)))
                .list()
                .ofMinSize(1)
                .ofMaxSize(30);
    }

    private static Arbitrary<List<Edit>> edits() {
        return Combinators.combine(Arbitraries.integers().between(0, 4), states())
                .as(Edit::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(3);
    }

    /** Few, so that organizations share blobs; the large one is rare. */
    private static Arbitrary<Integer> states() {
        return Arbitraries.frequency(
                Tuple.of(3, -1),
                Tuple.of(3, 0),
                Tuple.of(5, 1),
                Tuple.of(5, 2),
                Tuple.of(5, 3),
                Tuple.of(5, 4),
                Tuple.of(1, Content.LARGE));
    }

    private static Arbitrary<Duration> times() {
        return Arbitraries.of(
                Duration.ofMinutes(1),
                Duration.ofMinutes(20),
                Duration.ofMinutes(40),
                Duration.ofMinutes(61),
                Duration.ofHours(5),
                Duration.ofDays(1),
                Duration.ofDays(10),
                Duration.ofDays(31));
    }
}
