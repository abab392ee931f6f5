package dev.ganymede.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.ganymede.id.OrganizationId;
import dev.ganymede.problem.Problem;
import dev.ganymede.problem.ProblemType;
import dev.ganymede.snapshot.Model.Accepted;
import dev.ganymede.snapshot.Model.Kept;
import dev.ganymede.snapshot.Model.Organization;
import dev.ganymede.snapshot.StoreWorld.Wire;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** What may happen to the store, each with what must come of it. Organizations, versions and blobs are chosen by any number. */
final class StoreActions {

    private static final int ORGANIZATIONS = 4;

    private StoreActions() {}

    /** One step of a history. */
    interface Action {

        void run(StoreWorld world, Model model);
    }

    /** A project comes into a state; -1: it is deleted. */
    record Edit(int project, int state) {}

    /** How the gateway pushes what it has. */
    enum Style {
        FULL,
        COUNTED,
        REFERRING
    }

    static Organization organization(Model model, int any) {
        return model.organizations.get(any % model.organizations.size());
    }

    /** A gateway comes to the organization, and loads what there is. */
    static void serve(StoreWorld world, Model model, Organization organization) {
        long generation = organization.tenancy == null ? 1 : organization.tenancy.generation() + 1;
        organization.before = organization.tenancy;
        organization.tenancy = world.serve(organization.id, generation);
        organization.accepted.clear();
        organization.sequence = 0;
        organization.loadedLineage = organization.lineage;
        Optional<Kept> expected = model.pullable(organization);
        if (expected.isEmpty() && organization.head.isPresent()) {
            assertThat(problem(() -> world.pull(organization.tenancy))).isEqualTo(ProblemType.SNAPSHOT_DAMAGED);
            organization.work = Content.NOTHING;
            return;
        }
        assertThat(world.pull(organization.tenancy))
                .as("what the new gateway loads")
                .isEqualTo(expected.map(kept -> organization.json(kept.content())));
        organization.work = expected.map(Kept::content).orElse(Content.NOTHING);
    }

    /** A push of the whole work, as a gateway does it all the time. */
    record Push(int any, List<Edit> edits, int gatewayState, Style style) implements Action {

        @Override
        public void run(StoreWorld world, Model model) {
            Organization organization = organization(model, any);
            edit(organization, edits, gatewayState);
            push(world, model, organization, style);
        }
    }

    /** The same once more. */
    record PushUnchanged(int any, Style style) implements Action {

        @Override
        public void run(StoreWorld world, Model model) {
            push(world, model, organization(model, any), style);
        }
    }

    /** Between the arrival of its blobs and its transaction time passes, and the upkeep does its work. */
    record SlowPush(int any, List<Edit> edits, int minutes) implements Action {

        @Override
        public void run(StoreWorld world, Model model) {
            Organization organization = organization(model, any);
            edit(organization, edits, 0);
            Wire wire = wire(world, organization, Style.FULL, Set.of());
            long arrival = world.arrival();
            ReceivedPush received = world.receive(wire);
            world.clock.advance(Duration.ofMinutes(minutes));
            new Upkeep().run(world, model);
            world.commit(wire, received, arrival);
            accepted(world, model, organization, wire, organization.work);
        }
    }

    /** Two at once: the later one wins, and the earlier one comes before it or is refused. */
    record ConcurrentPushes(int any, List<Edit> first, List<Edit> second) implements Action {

        @Override
        public void run(StoreWorld world, Model model) {
            Organization organization = organization(model, any);
            edit(organization, first, 1);
            Content earlierContent = organization.work;
            Wire earlier = wire(world, organization, Style.FULL, Set.of());
            edit(organization, second, 2);
            Wire later = wire(world, organization, Style.FULL, Set.of());
            long arrival = world.arrival();
            long nextArrival = world.arrival();
            ReceivedPush earlierReceived = world.receive(earlier);
            ReceivedPush laterReceived = world.receive(later);
            var one = CompletableFuture.supplyAsync(() -> world.commit(earlier, earlierReceived, arrival));
            var other = CompletableFuture.supplyAsync(() -> world.commit(later, laterReceived, nextArrival));
            other.join();
            Throwable refused = catchThrowable(one::join);
            if (refused == null) {
                accepted(world, model, organization, earlier, earlierContent);
            } else {
                assertThat(type(refused.getCause())).isEqualTo(ProblemType.STALE_PUSH);
                model.brought(earlierContent.blobs());
            }
            accepted(world, model, organization, later, organization.work);
        }
    }

    /** It arrived first, and is done last. */
    record LatePush(int any, List<Edit> edits) implements Action {

        @Override
        public void run(StoreWorld world, Model model) {
            Organization organization = organization(model, any);
            Wire late = wire(world, organization, Style.FULL, Set.of());
            Content lateContent = organization.work;
            long arrival = world.arrival();
            edit(organization, edits, 3);
            push(world, model, organization, Style.FULL);
            refused(world, organization, ProblemType.STALE_PUSH, () -> world.push(late, arrival));
            model.brought(lateContent.blobs());
        }
    }

    /** The gateway before this one has not heard that it is over. */
    record PushOfTheDead(int any) implements Action {

        @Override
        public void run(StoreWorld world, Model model) {
            Organization organization = organization(model, any);
            if (organization.before == null) {
                return;
            }
            Content content = organization.work.withGatewayState(99);
            Wire wire = new Wire(organization.before, organization.json(content), takenAt(world), OptionalLong.empty());
            List<String> state = world.state(organization.id);
            assertThat(catchThrowable(() -> world.push(wire, world.arrival()))).hasMessage("the allocation is dead");
            assertThat(world.state(organization.id)).isEqualTo(state);
            model.brought(content.blobs());
        }
    }

    /** Something on the way repeats an earlier push. */
    record Replay(int any, int which) implements Action {

        @Override
        public void run(StoreWorld world, Model model) {
            Organization organization = organization(model, any);
            if (organization.accepted.isEmpty()) {
                return;
            }
            Accepted replayed = organization.accepted.get(which % organization.accepted.size());
            if (model.isDamaged(replayed.content())) {
                return;
            }
            boolean counted = replayed.wire().sequence().isPresent();
            if (!counted && organization.isHeadContent(replayed.content())) {
                assertThat(world.push(replayed.wire(), world.arrival()).unchanged())
                        .isTrue();
            } else if (counted || stillThere(organization, replayed)) {
                refused(
                        world,
                        organization,
                        ProblemType.STALE_PUSH,
                        () -> world.push(replayed.wire(), world.arrival()));
            }
        }

        /** Who does not count is known by what was stored of it. */
        private static boolean stillThere(Organization organization, Accepted replayed) {
            return organization.versions.containsKey(replayed.version());
        }
    }

    /** It refers to what only another organization has, or nobody. */
    record PushOfAnothersBlob(int any, int state) implements Action {

        @Override
        public void run(StoreWorld world, Model model) {
            Organization organization = organization(model, any);
            Content content = organization.work.with(0, state);
            Set<Sha256> wanted = content.projectBlobs();
            Wire wire = wire(world, organization, content, Style.REFERRING, wanted);
            if (!own(model, organization).containsAll(wanted)) {
                refused(world, organization, ProblemType.BLOBS_MISSING, () -> world.push(wire, world.arrival()));
                model.brought(content.gatewayStateBlobs());
            }
        }
    }

    /** The process that takes it in dies at some moment. */
    record Crash(int any, List<Edit> edits, int message, CuttingProxy.Cut cut) implements Action {

        @Override
        public void run(StoreWorld world, Model model) {
            Organization organization = organization(model, any);
            edit(organization, edits, 4);
            Wire wire = wire(world, organization, Style.FULL, Set.of());
            boolean answered =
                    world.pushAndDie(wire, world.arrival(), message, cut).isPresent();
            boolean stored = world.series(organization.id).kinds().containsKey(organization.last + 1);
            if (answered) {
                accepted(world, model, organization, wire, organization.work);
            } else if (stored) {
                organization.pushed(wire, organization.work, world.clock.instant());
            }
            // what it had written before may have mended something
            model.damaged.removeIf(blob -> organization.work.blobs().contains(blob) && world.isWhole(blob));
        }
    }

    record Failover(int any) implements Action {

        @Override
        public void run(StoreWorld world, Model model) {
            serve(world, model, organization(model, any));
        }
    }

    /** The gateway goes on with what it had, and pushes it at its end. */
    record RestoreVersion(int any, int which) implements Action {

        @Override
        public void run(StoreWorld world, Model model) {
            Organization organization = organization(model, any);
            Optional<Kept> source = organization.some(which);
            if (source.isEmpty()) {
                return;
            }
            Kept version = source.get();
            if (model.isDamaged(version)) {
                refused(
                        world,
                        organization,
                        ProblemType.SNAPSHOT_DAMAGED,
                        () -> world.restore(organization.id, version.number()));
                return;
            }
            world.restore(organization.id, version.number());
            organization.restored(version, world.clock.instant());
        }
    }

    record CloneVersion(int any, int which) implements Action {

        @Override
        public void run(StoreWorld world, Model model) {
            Organization organization = organization(model, any);
            Optional<Kept> source = organization.some(which);
            if (source.isEmpty() || model.isDamaged(source.get()) || model.organizations.size() == ORGANIZATIONS) {
                return;
            }
            OrganizationId target = world.organization();
            Organization copy = new Organization(target);
            Map<String, Integer> numbers = new HashMap<>();
            organization.projects.forEach((number, id) -> numbers.put(id.toString(), number));
            world.copy(organization.id, source.get().number(), target)
                    .projects()
                    .forEach(project -> copy.projects.put(
                            numbers.get(project.source().name()),
                            project.project().id()));
            copy.add("CLONE", source.get().content().withoutGatewayState(), world.clock.instant(), 0, true);
            model.organizations.add(copy);
            serve(world, model, copy);
        }
    }

    record Pass(Duration time) implements Action {

        @Override
        public void run(StoreWorld world, Model model) {
            world.clock.advance(time);
        }
    }

    /** The leader's share of the upkeep. */
    record Upkeep() implements Action {

        @Override
        public void run(StoreWorld world, Model model) {
            world.thin();
            model.thinned(world);
            world.sweep();
        }
    }

    /** The disk has lost something; it is noticed by the next who reads it. */
    record Damage(int any, int which, int blob) implements Action {

        @Override
        public void run(StoreWorld world, Model model) {
            organization(model, any).some(which).ifPresent(version -> {
                List<Sha256> blobs = version.content().blobs().stream()
                        .sorted((one, other) -> one.hex().compareTo(other.hex()))
                        .toList();
                if (!blobs.isEmpty()) {
                    Sha256 spoiled = blobs.get(blob % blobs.size());
                    world.spoil(spoiled);
                    model.damaged.add(spoiled);
                }
            });
        }
    }

    private static void edit(Organization organization, List<Edit> edits, int gatewayState) {
        Content content = organization.work.withGatewayState(gatewayState);
        for (Edit edit : edits) {
            content = content.with(edit.project(), edit.state());
        }
        organization.work = content;
    }

    private static void push(StoreWorld world, Model model, Organization organization, Style style) {
        Set<Sha256> references = style == Style.REFERRING ? organization.work.projectBlobs() : new HashSet<>();
        references.retainAll(own(model, organization));
        Wire wire = wire(world, organization, style, references);
        boolean unchanged = organization.isHeadContent(organization.work);
        assertThat(world.push(wire, world.arrival()).unchanged()).isEqualTo(unchanged);
        accepted(world, model, organization, wire, organization.work);
    }

    private static void accepted(StoreWorld world, Model model, Organization organization, Wire wire, Content content) {
        model.brought(content.blobs());
        organization.pushed(wire, content, world.clock.instant());
    }

    /** What the organization may refer to. */
    private static Set<Sha256> own(Model model, Organization organization) {
        Set<Sha256> own = new HashSet<>();
        organization
                .versions
                .values()
                .forEach(version -> own.addAll(version.content().blobs()));
        own.removeAll(model.damaged);
        return own;
    }

    private static Wire wire(StoreWorld world, Organization organization, Style style, Set<Sha256> references) {
        return wire(world, organization, organization.work, style, references);
    }

    private static Wire wire(
            StoreWorld world, Organization organization, Content content, Style style, Set<Sha256> references) {
        organization.sequence++;
        return new Wire(
                organization.tenancy,
                organization.json(content, references),
                takenAt(world),
                style == Style.COUNTED ? OptionalLong.of(organization.sequence) : OptionalLong.empty());
    }

    /** By the gateway's own clock, which goes wrong, but goes. */
    private static Instant takenAt(StoreWorld world) {
        return Instant.parse("2001-01-01T00:00:00Z").plusSeconds(world.arrival());
    }

    private static void refused(StoreWorld world, Organization organization, ProblemType type, Runnable what) {
        List<String> state = world.state(organization.id);
        assertThat(problem(what)).isEqualTo(type);
        assertThat(world.state(organization.id))
                .as("what was refused changed nothing")
                .isEqualTo(state);
    }

    private static ProblemType problem(Runnable what) {
        return type(catchThrowable(what::run));
    }

    private static ProblemType type(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        assertThat(cause).isInstanceOf(Problem.class);
        return ((Problem) cause).type();
    }
}
