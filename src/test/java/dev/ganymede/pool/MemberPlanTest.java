package dev.ganymede.pool;

import static dev.ganymede.pool.Members.ALLOCATED;
import static dev.ganymede.pool.Members.CREATING;
import static dev.ganymede.pool.Members.READY;
import static dev.ganymede.pool.Members.RECYCLE;
import static dev.ganymede.pool.Members.REMOVING;
import static dev.ganymede.pool.Members.STARTING;
import static dev.ganymede.pool.Members.UNHEALTHY;
import static dev.ganymede.pool.Members.container;
import static dev.ganymede.pool.Members.failed;
import static dev.ganymede.pool.Members.gateway;
import static dev.ganymede.pool.Members.oldLife;
import static dev.ganymede.pool.Members.with;
import static dev.ganymede.pool.Plans.fail;
import static dev.ganymede.pool.Plans.lookAgain;
import static dev.ganymede.pool.Plans.partial;
import static dev.ganymede.pool.Plans.plan;
import static dev.ganymede.pool.Plans.replace;
import static dev.ganymede.pool.Scene.NOW;
import static dev.ganymede.pool.Scene.id;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ganymede.container.ObservedContainer;
import dev.ganymede.container.ObservedContainer.Status;
import dev.ganymede.gateway.Gateway;
import dev.ganymede.gateway.GatewayState;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What one member needs, as tables: what is seen, and the whole plan that follows. */
class MemberPlanTest {

    private static final String UNFINISHED = "its creation was not finished";
    private static final String GONE = "its container is gone";

    static Stream<Arguments> lives() {
        Gateway creating = gateway(0, CREATING);
        Gateway starting = gateway(0, STARTING);
        Gateway late = gateway(0, new GatewayState.Starting(NOW.minusSeconds(60)));
        Gateway ready = gateway(0, READY);
        Gateway unrecorded = Members.withoutHost(ready);
        Gateway allocated = gateway(0, ALLOCATED);
        Gateway unhealthy = gateway(0, UNHEALTHY);
        Gateway removing = gateway(0, REMOVING);
        return Stream.of(
                row(
                        "a creation that was cut before its container",
                        creating,
                        none(),
                        plan(replace(creating, UNFINISHED))),
                row(
                        "a creation that was cut after its container ran is adopted",
                        creating,
                        runs(creating),
                        plan(new PoolAction.Adopt(creating, container("c", creating, Status.RUNNING)))),
                row(
                        "a creation that was cut between create and start",
                        creating,
                        List.of(container("c", creating, Status.CREATED)),
                        plan(replace(creating, UNFINISHED, "c"))),
                row(
                        "a creation whose name an earlier life still holds",
                        creating,
                        List.of(oldLife("old", creating)),
                        plan(replace(creating, UNFINISHED, "old"))),
                row("starting, in time", starting, runs(starting), lookAgain(NOW.plusSeconds(1), plan())),
                row("starting, late", late, runs(late), partial(fail(late, "it never became ready"))),
                row("starting, died", starting, ended(starting), partial(fail(starting, GONE))),
                row(
                        "ready, but the record of its creation was lost",
                        unrecorded,
                        runs(unrecorded),
                        plan(new PoolAction.Adopt(unrecorded, container("c", unrecorded, Status.RUNNING)))),
                row("ready and running", ready, runs(ready), plan()),
                row("ready, removed by hand", ready, none(), partial(fail(ready, GONE))),
                row("ready, died", ready, ended(ready), partial(fail(ready, GONE))),
                row("allocated and running is left alone", allocated, runs(allocated), plan()),
                row("allocated, removed by hand", allocated, none(), partial(fail(allocated, GONE))),
                row("allocated, died", allocated, ended(allocated), partial(fail(allocated, GONE))),
                row(
                        "unhealthy, though it runs",
                        unhealthy,
                        runs(unhealthy),
                        plan(replace(unhealthy, "UNHEALTHY", "c"))),
                row("removing, already gone", removing, none(), plan(replace(removing, "REMOVING"))));
    }

    static Stream<Arguments> setbacks() {
        Gateway refused = failed(3, NOW.plusSeconds(3), gateway(0, CREATING));
        Gateway crashed = failed(3, NOW.plusSeconds(3), gateway(0, UNHEALTHY));
        Gateway leaving = failed(3, NOW.plusSeconds(3), gateway(0, REMOVING));
        Gateway waited = failed(3, NOW, gateway(0, UNHEALTHY));
        Gateway served = failed(3, NOW.plusSeconds(3), gateway(0, READY));
        PoolPlan inThreeSeconds = lookAgain(NOW.plusSeconds(3), plan());
        return Stream.of(
                row("refused by the engine again and again", refused, none(), inThreeSeconds),
                row("crashed again and again", crashed, runs(crashed), inThreeSeconds),
                row("cut while it was replaced", leaving, none(), inThreeSeconds),
                row("has waited long enough", waited, runs(waited), plan(replace(waited, "UNHEALTHY", "c"))),
                row("made it in the end", served, runs(served), plan()));
    }

    static Stream<Arguments> orders() {
        Gateway ready = with(RECYCLE, gateway(0, READY));
        Gateway allocated = with(RECYCLE, gateway(0, ALLOCATED));
        Gateway starting = with(RECYCLE, gateway(0, STARTING));
        Gateway cordoned = with(Members.CORDONED, gateway(0, READY));
        Gateway serving = with(Members.CORDONED, gateway(0, ALLOCATED));
        Gateway broken = with(Members.CORDONED, gateway(0, UNHEALTHY));
        return Stream.of(
                row("recycle, ready", ready, runs(ready), plan(replace(ready, "an operator ordered it", "c"))),
                row(
                        "recycle, serving: moved first",
                        allocated,
                        runs(allocated),
                        partial(new PoolAction.Empty(allocated, id("c")))),
                row("recycle, serving, but lost", allocated, none(), partial(fail(allocated, GONE))),
                row("recycle, not up yet", starting, runs(starting), lookAgain(NOW.plusSeconds(1), plan())),
                row("cordoned, ready", cordoned, runs(cordoned), plan()),
                row("cordoned, serving: goes on", serving, runs(serving), plan()),
                row("cordoned, broken: stays a member", broken, none(), plan(replace(broken, "UNHEALTHY"))));
    }

    static Stream<Arguments> drift() {
        return Stream.of(READY, ALLOCATED).flatMap(state -> {
            Gateway gateway = gateway(0, state);
            ObservedContainer renamed = Members.named("by-hand", "c", gateway, Status.RUNNING);
            return Stream.of(
                    row("renamed by hand", gateway, List.of(renamed), plan(new PoolAction.Rename(gateway, id("c")))),
                    row(
                            "a container of an earlier life stayed behind",
                            gateway,
                            List.of(container("c", gateway, Status.RUNNING), oldLife("old", gateway)),
                            plan(new PoolAction.Reap(id("old"), "gw-pool-0"))),
                    row(
                            "the name is freed first",
                            gateway,
                            List.of(renamed, oldLife("old", gateway)),
                            plan(new PoolAction.Reap(id("old"), "gw-pool-0"))));
        });
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"lives", "setbacks", "orders", "drift"})
    void decides(String rule, PoolObservation seen, PoolPlan expected) {
        assertThat(Scene.planOf(seen)).isEqualTo(expected);
    }

    private static Arguments row(String rule, Gateway gateway, List<ObservedContainer> containers, PoolPlan expected) {
        // a cordoned one does not count, but there may be no more than one
        return Arguments.of(rule, new Scene().member(gateway, containers).seen(), expected);
    }

    private static List<ObservedContainer> none() {
        return List.of();
    }

    private static List<ObservedContainer> runs(Gateway gateway) {
        return List.of(container("c", gateway, Status.RUNNING));
    }

    private static List<ObservedContainer> ended(Gateway gateway) {
        return List.of(container("c", gateway, Status.ENDED));
    }
}
