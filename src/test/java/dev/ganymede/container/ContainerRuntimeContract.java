package dev.ganymede.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ganymede.container.ObservedContainer.Status;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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

    protected static <T> T get(Uni<T> work) {
        return work.await().atMost(LIMIT);
    }
}
