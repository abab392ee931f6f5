package dev.ganymede.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ganymede.container.ObservedContainer.Status;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What every {@link ContainerRuntime} does; run against the fake and against a real engine. */
public abstract class ContainerRuntimeContract {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    protected abstract ContainerRuntime runtime();

    /** A spec of this environment; different numbers have different names and ports. */
    protected abstract ContainerSpec spec(int number);

    /** Ends a container from outside, as a crash would. */
    protected abstract void kill(ContainerId container);

    /** Makes somebody else's container. */
    protected abstract ContainerId addForeign(String name);

    /** An image that the engine has. */
    protected abstract String image();

    /** An image that it hasn't. */
    protected abstract String missingImage();

    @Test
    void aCreatedContainerRunsUnderItsNameAndLabels() {
        ContainerSpec spec = spec(0);
        ContainerId id = created(spec).container();

        assertThat(owned(spec))
                .contains(new ObservedContainer(
                        id, spec.name(), Optional.of(spec.gateway()), Optional.of(spec.life()), Status.RUNNING));
    }

    @Test
    void theNameGuardsAgainstASecondContainer() {
        ContainerSpec spec = spec(0);
        created(spec);

        assertThat(get(runtime().create(spec))).isEqualTo(new CreateResult.NameTaken(spec.name()));
        assertThat(inventory().owned()).hasSize(1);
    }

    @Test
    void aForeignNameIsSeenAndNotTaken() {
        ContainerSpec spec = spec(0);
        addForeign(spec.name());

        assertThat(inventory().foreignNames()).contains(spec.name());
        assertThat(get(runtime().create(spec))).isEqualTo(new CreateResult.NameTaken(spec.name()));
    }

    @Test
    void aTakenPortLeavesNothingBehind() {
        ContainerSpec first = spec(0);
        ContainerSpec other = spec(1);
        ContainerSpec clash = new ContainerSpec(
                other.gateway(),
                other.life(),
                other.name(),
                first.httpPort(),
                other.vpnPort(),
                other.image(),
                other.bootToken());
        created(first);

        assertThat(get(runtime().create(clash))).isInstanceOf(CreateResult.PortTaken.class);
        assertThat(owned(clash)).isEmpty();
    }

    @Test
    void aStoppedContainerHasEndedAndStaysListed() {
        ContainerSpec spec = spec(0);
        ContainerId id = created(spec).container();

        get(runtime().stop(id, Duration.ofSeconds(10)));

        assertThat(owned(spec)).map(ObservedContainer::status).contains(Status.ENDED);
    }

    @Test
    void stoppingWhatHasEndedOrIsMissingDoesNothing() {
        ContainerId id = created(spec(0)).container();
        get(runtime().stop(id, Duration.ofSeconds(10)));

        get(runtime().stop(id, Duration.ofSeconds(10)));
        get(runtime().remove(id));
        get(runtime().stop(id, Duration.ofSeconds(10)));
    }

    @Test
    void aRemovedContainerFreesItsNameAndPortsAtOnce() {
        ContainerSpec spec = spec(0);
        ContainerId id = created(spec).container();

        get(runtime().remove(id));
        assertThat(inventory().owned()).isEmpty();
        get(runtime().remove(id));

        assertThat(created(spec).container()).isNotEqualTo(id);
    }

    @Test
    void aContainerThatDiesIsSeen() {
        ContainerSpec spec = spec(0);
        kill(created(spec).container());

        await().atMost(LIMIT)
                .untilAsserted(() ->
                        assertThat(owned(spec)).map(ObservedContainer::status).contains(Status.ENDED));
    }

    @Test
    void foreignContainersAreNeverTouched() {
        String name = spec(0).name();
        ContainerId foreign = addForeign(name);

        assertThatThrownBy(() -> get(runtime().remove(foreign))).isInstanceOf(ContainerRuntimeException.class);
        assertThatThrownBy(() -> get(runtime().stop(foreign, Duration.ofSeconds(1))))
                .isInstanceOf(ContainerRuntimeException.class);
        assertThat(inventory().foreignNames()).contains(name);
    }

    @Test
    void concurrentCreationsOfOneNameMakeOneContainer() {
        ContainerSpec spec = spec(0);

        List<CreateResult> results = get(Uni.join()
                .all(runtime().create(spec), runtime().create(spec), runtime().create(spec))
                .andFailFast());

        assertThat(results).filteredOn(CreateResult.Created.class::isInstance).hasSize(1);
        assertThat(inventory().owned()).hasSize(1);
    }

    @Test
    void anEndIsToldAtOnceWithWhoseItWas() {
        ContainerSpec spec = spec(0);
        ContainerId id = created(spec).container();
        try (Heard heard = listening()) {
            kill(id);

            heard.await(new ContainerEvent.Ended(id, Optional.of(spec.gateway()), Optional.of(spec.life())));
        }
    }

    @Test
    void everySubscriptionBeginsWithResyncAndHearsTheRest() {
        try (Heard first = listening();
                Heard second = listening()) {
            ContainerId id = created(spec(0)).container();
            get(runtime().remove(id));

            for (Heard heard : List.of(first, second)) {
                heard.await(new ContainerEvent.Changed(id, "destroy"));
                assertThat(heard.events.get(0)).isEqualTo(new ContainerEvent.Resync());
                assertThat(heard.events).contains(new ContainerEvent.Changed(id, "start"));
            }
        }
    }

    @Test
    void othersEventsAreNotTold() {
        try (Heard heard = listening()) {
            ContainerId foreign = addForeign(spec(0).name());
            kill(foreign);
            ContainerId id = created(spec(1)).container();

            heard.await(new ContainerEvent.Changed(id, "start"));
            // the engine may still be telling what became of the containers of the test before
            assertThat(heard.events)
                    .noneMatch(event -> event instanceof ContainerEvent.Ended ended
                            && ended.container().equals(foreign));
        }
    }

    @Test
    void aCancelledSubscriptionHearsNothingMore() {
        ContainerId id = created(spec(0)).container();
        Heard left = listening();
        left.close();
        int before = left.events.size();
        try (Heard heard = listening()) {
            get(runtime().remove(id));
            heard.await(new ContainerEvent.Changed(id, "destroy"));
        }

        assertThat(left.events).hasSize(before);
    }

    @Test
    void aContainerGetsItsNameBack() {
        ContainerSpec spec = spec(0);
        ContainerId id = created(spec).container();
        try (Heard heard = listening()) {
            get(runtime().rename(id, spec.name() + "-odd"));
            heard.await(new ContainerEvent.Changed(id, "rename"));
        }
        assertThat(owned(spec)).isEmpty();

        get(runtime().rename(id, spec.name()));
        get(runtime().rename(id, spec.name()));

        assertThat(owned(spec)).map(ObservedContainer::id).contains(id);
    }

    @Test
    void aTakenNameAMissingOrAForeignContainerIsNotRenamed() {
        ContainerId id = created(spec(0)).container();
        ContainerId foreign = addForeign(spec(1).name());

        assertThatThrownBy(() -> get(runtime().rename(id, spec(1).name())))
                .isInstanceOf(ContainerRuntimeException.class);
        assertThatThrownBy(() -> get(runtime().rename(foreign, spec(2).name())))
                .isInstanceOf(ContainerRuntimeException.class);
        get(runtime().remove(id));
        assertThatThrownBy(() -> get(runtime().rename(id, spec(2).name())))
                .isInstanceOf(ContainerRuntimeException.class);
        assertThat(inventory().foreignNames()).contains(spec(1).name());
    }

    @Test
    void anImageIsFoundByNameAndById() {
        String id = get(runtime().image(image())).orElseThrow();

        assertThat(get(runtime().image(id))).contains(id);
        assertThat(get(runtime().image(missingImage()))).isEmpty();
    }

    @Test
    void aPinnedImageIsUsedAndAMissingOneRefused() {
        Optional<String> pinned = get(runtime().image(image()));

        assertThat(get(runtime().create(withImage(spec(0), Optional.of(missingImage())))))
                .isInstanceOf(CreateResult.Refused.class);
        assertThat(inventory().owned()).isEmpty();
        created(withImage(spec(0), pinned));
    }

    @Test
    void theEngineAnswersAPing() {
        get(runtime().ping());
    }

    protected final CreateResult.Created created(ContainerSpec spec) {
        CreateResult result = get(runtime().create(spec));
        assertThat(result).isInstanceOf(CreateResult.Created.class);
        return (CreateResult.Created) result;
    }

    protected final ContainerInventory inventory() {
        return get(runtime().inventory());
    }

    private Optional<ObservedContainer> owned(ContainerSpec spec) {
        return inventory().owned().stream()
                .filter(container -> container.name().equals(spec.name()))
                .findFirst();
    }

    /** A subscription that has heard its first event. */
    protected final Heard listening() {
        Heard heard = new Heard(runtime().events());
        await().atMost(LIMIT).until(() -> !heard.events.isEmpty());
        return heard;
    }

    private static ContainerSpec withImage(ContainerSpec spec, Optional<String> image) {
        return new ContainerSpec(
                spec.gateway(), spec.life(), spec.name(), spec.httpPort(), spec.vpnPort(), image, spec.bootToken());
    }

    /** What one subscriber hears, until it is closed. */
    protected static final class Heard implements AutoCloseable {

        public final List<ContainerEvent> events = new CopyOnWriteArrayList<>();
        private final Cancellable subscription;

        Heard(Multi<ContainerEvent> source) {
            subscription = source.subscribe().with(events::add);
        }

        public void await(ContainerEvent event) {
            Awaitility.await().atMost(LIMIT).until(() -> events.contains(event));
        }

        @Override
        public void close() {
            subscription.cancel();
        }
    }

    protected static <T> T get(Uni<T> work) {
        return work.await().atMost(LIMIT);
    }
}
