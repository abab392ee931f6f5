package dev.ganymede.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganymede.container.ContainerId;
import dev.ganymede.container.ContainerInventory;
import dev.ganymede.container.ObservedContainer;
import dev.ganymede.container.ObservedContainer.Status;
import dev.ganymede.gateway.Gateway;
import dev.ganymede.gateway.GatewayState;
import dev.ganymede.gateway.Orders;
import dev.ganymede.gateway.PoolMember;
import dev.ganymede.gateway.Setbacks;
import dev.ganymede.id.GatewayId;
import dev.ganymede.id.LifeId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The pool's rules as a table: what is seen, and the whole plan that follows. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PoolPlannerTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration READY_TIMEOUT = Duration.ofSeconds(60);

    private static final GatewayState CREATING = new GatewayState.Creating(NOW);
    private static final GatewayState STARTING = new GatewayState.Starting(NOW.minusSeconds(59));
    private static final GatewayState STARTING_LATE = new GatewayState.Starting(NOW.minusSeconds(60));
    private static final GatewayState READY = new GatewayState.Ready(NOW);
    private static final GatewayState ALLOCATED = new GatewayState.Allocated(NOW);
    private static final GatewayState UNHEALTHY = new GatewayState.Unhealthy(NOW);
    private static final GatewayState REMOVING = new GatewayState.Removing(NOW);

    private static PoolPlan plan(PoolObservation seen) {
        AtomicInteger ids = new AtomicInteger();
        return new PoolPlanner(READY_TIMEOUT, () -> new GatewayId(new UUID(9, ids.getAndIncrement()))).plan(seen);
    }

    Stream<Arguments> oneMember() {
        Gateway creating = gateway(0, CREATING);
        Gateway starting = gateway(0, STARTING);
        Gateway late = gateway(0, STARTING_LATE);
        Gateway ready = gateway(0, READY);
        Gateway unrecorded = gateway(0, READY, Optional.empty());
        Gateway allocated = gateway(0, ALLOCATED);
        Gateway unhealthy = gateway(0, UNHEALTHY);
        Gateway removing = gateway(0, REMOVING);
        String unfinished = "its creation was not finished";
        String gone = "its container is gone";
        return Stream.of(
                row("a creation that was cut before its container", creating, List.of(), replace(creating, unfinished)),
                row(
                        "a creation that was cut after its container ran is adopted",
                        creating,
                        List.of(container("c", creating, Status.RUNNING)),
                        new PoolAction.Adopt(creating, container("c", creating, Status.RUNNING))),
                row(
                        "a creation that was cut between create and start",
                        creating,
                        List.of(container("c", creating, Status.CREATED)),
                        replace(creating, unfinished, "c")),
                row(
                        "a creation whose name an earlier life still holds",
                        creating,
                        List.of(oldLife("old", creating)),
                        replace(creating, unfinished, "old")),
                row("starting, in time", starting, List.of(container("c", starting, Status.RUNNING))),
                row(
                        "starting, late",
                        late,
                        List.of(container("c", late, Status.RUNNING)),
                        replace(late, "it never became ready", "c")),
                row(
                        "starting, died",
                        starting,
                        List.of(container("c", starting, Status.ENDED)),
                        replace(starting, gone, "c")),
                row(
                        "ready, but the record of its creation was lost",
                        unrecorded,
                        List.of(container("c", unrecorded, Status.RUNNING)),
                        new PoolAction.Adopt(unrecorded, container("c", unrecorded, Status.RUNNING))),
                row("ready and running", ready, List.of(container("c", ready, Status.RUNNING))),
                row("ready, removed by hand", ready, List.of(), replace(ready, gone)),
                row("ready, died", ready, List.of(container("c", ready, Status.ENDED)), replace(ready, gone, "c")),
                row(
                        "ready, with a container of an earlier life",
                        ready,
                        List.of(container("c", ready, Status.RUNNING), oldLife("old", ready)),
                        new PoolAction.Reap(new ContainerId("old"), "gw-pool-0")),
                row(
                        "allocated and running is left alone",
                        allocated,
                        List.of(container("c", allocated, Status.RUNNING))),
                row("allocated, removed by hand", allocated, List.of(), replace(allocated, gone)),
                row(
                        "unhealthy, though it runs",
                        unhealthy,
                        List.of(container("c", unhealthy, Status.RUNNING)),
                        replace(unhealthy, "UNHEALTHY", "c")),
                row("removing, already gone", removing, List.of(), replace(removing, "REMOVING")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("oneMember")
    void decidesForOneMember(String rule, PoolObservation seen, PoolPlan expected) {
        assertThat(plan(seen)).isEqualTo(expected);
    }

    @Test
    void fillsAnEmptyPoolFromTheLowestNumber() {
        assertThat(plan(seen(3, List.of(), List.of())))
                .isEqualTo(new PoolPlan(List.of(grow(0, 0), grow(1, 1), grow(2, 2))));
    }

    @Test
    void takesTheLowestFreeNumberAfterARemoval() {
        Gateway zero = gateway(0, READY);
        Gateway two = gateway(2, READY);
        assertThat(plan(seen(3, List.of(zero, two), running(zero, two)))).isEqualTo(new PoolPlan(List.of(grow(0, 1))));
    }

    @Test
    void leavesNamesThatOthersHaveOnTheSameEngine() {
        PoolObservation seen = new PoolObservation(
                NOW, 2, List.of(), new ContainerInventory(List.of(), Set.of("gw-pool-0", "gw-pool-2")), Set.of());
        assertThat(plan(seen)).isEqualTo(new PoolPlan(List.of(grow(0, 1), grow(1, 3))));
    }

    @Test
    void countsMembersThatAreBeingBorn() {
        Set<GatewayId> busy = Set.of(new GatewayId(new UUID(5, 5)));
        PoolObservation seen =
                new PoolObservation(NOW, 1, List.of(), new ContainerInventory(List.of(), Set.of()), busy);
        assertThat(plan(seen)).isEqualTo(new PoolPlan(List.of()));
    }

    @Test
    void neverReapsAContainerWhoseRowIsBeingWritten() {
        Gateway unborn = gateway(0, CREATING);
        PoolObservation seen = new PoolObservation(
                NOW, 1, List.of(), new ContainerInventory(running(unborn), Set.of()), Set.of(unborn.id()));
        assertThat(plan(seen)).isEqualTo(new PoolPlan(List.of()));
    }

    @Test
    void leavesBusyGatewaysAlone() {
        Gateway broken = gateway(0, UNHEALTHY);
        PoolObservation seen = new PoolObservation(
                NOW, 1, List.of(broken), new ContainerInventory(List.of(), Set.of()), Set.of(broken.id()));
        assertThat(plan(seen)).isEqualTo(new PoolPlan(List.of()));
    }

    @Test
    void reapsOwnContainersThatBelongToNoMember() {
        ObservedContainer orphan = container("orphan", gateway(7, READY), Status.RUNNING);
        ObservedContainer damaged = new ObservedContainer(
                new ContainerId("damaged"), "gw-pool-8", Optional.empty(), Optional.empty(), Status.ENDED);
        assertThat(plan(seen(0, List.of(), List.of(orphan, damaged))))
                .isEqualTo(new PoolPlan(List.of(
                        new PoolAction.Reap(new ContainerId("orphan"), "gw-pool-7"),
                        new PoolAction.Reap(new ContainerId("damaged"), "gw-pool-8"))));
    }

    @Test
    void keepsAllocatedGatewaysWhenThePoolShrinks() {
        Gateway zero = gateway(0, READY);
        Gateway one = gateway(1, ALLOCATED);
        Gateway two = gateway(2, ALLOCATED);
        assertThat(plan(seen(1, List.of(zero, one, two), running(zero, one, two))))
                .isEqualTo(new PoolPlan(List.of(retire(zero, "c-0"))));
    }

    @Test
    void shrinksByTheBrokenOnesFirstThenByTheHighestNumber() {
        Gateway zero = gateway(0, UNHEALTHY);
        Gateway one = gateway(1, READY);
        Gateway two = gateway(2, READY);
        assertThat(plan(seen(1, List.of(zero, one, two), running(zero, one, two))))
                .isEqualTo(new PoolPlan(List.of(retire(zero, "c-0"), retire(two, "c-2"))));
    }

    private static Arguments row(String rule, Gateway gateway, List<ObservedContainer> containers, PoolAction... plan) {
        return Arguments.of(rule, seen(1, List.of(gateway), containers), new PoolPlan(List.of(plan)));
    }

    private static PoolObservation seen(int desired, List<Gateway> gateways, List<ObservedContainer> containers) {
        return new PoolObservation(NOW, desired, gateways, new ContainerInventory(containers, Set.of()), Set.of());
    }

    private static Gateway gateway(int slot, GatewayState state) {
        return gateway(slot, state, Optional.of("127.0.0.1"));
    }

    private static Gateway gateway(int slot, GatewayState state, Optional<String> host) {
        return new Gateway(
                new GatewayId(new UUID(1, slot)),
                "local",
                PoolMember.ofSlot(slot),
                state,
                new LifeId(new UUID(2, slot)),
                Optional.empty(),
                host,
                Optional.empty(),
                Orders.NONE,
                Setbacks.NONE,
                Optional.empty());
    }

    private static ObservedContainer container(String id, Gateway gateway, Status status) {
        return new ObservedContainer(
                new ContainerId(id), gateway.name(), Optional.of(gateway.id()), Optional.of(gateway.life()), status);
    }

    private static ObservedContainer oldLife(String id, Gateway gateway) {
        return new ObservedContainer(
                new ContainerId(id),
                gateway.name(),
                Optional.of(gateway.id()),
                Optional.of(new LifeId(new UUID(3, 3))),
                Status.RUNNING);
    }

    private static List<ObservedContainer> running(Gateway... gateways) {
        return Stream.of(gateways)
                .map(gateway -> container("c-" + gateway.member().slot(), gateway, Status.RUNNING))
                .toList();
    }

    private static PoolAction grow(int id, int slot) {
        return new PoolAction.Grow(new GatewayId(new UUID(9, id)), PoolMember.ofSlot(slot));
    }

    private static PoolAction replace(Gateway gateway, String reason, String... old) {
        return new PoolAction.Replace(gateway, ids(old), reason);
    }

    private static PoolAction retire(Gateway gateway, String... old) {
        return new PoolAction.Retire(gateway, ids(old));
    }

    private static List<ContainerId> ids(String... ids) {
        return Stream.of(ids).map(ContainerId::new).toList();
    }
}
