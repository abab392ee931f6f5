package dev.ganymede.pool;

import static dev.ganymede.pool.Members.ALLOCATED;
import static dev.ganymede.pool.Members.CREATING;
import static dev.ganymede.pool.Members.READY;
import static dev.ganymede.pool.Members.RECYCLE;
import static dev.ganymede.pool.Members.UNHEALTHY;
import static dev.ganymede.pool.Members.container;
import static dev.ganymede.pool.Members.gateway;
import static dev.ganymede.pool.Members.with;
import static dev.ganymede.pool.Plans.fail;
import static dev.ganymede.pool.Plans.grow;
import static dev.ganymede.pool.Plans.partial;
import static dev.ganymede.pool.Plans.plan;
import static dev.ganymede.pool.Plans.replace;
import static dev.ganymede.pool.Scene.NOW;
import static dev.ganymede.pool.Scene.id;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ganymede.container.ContainerId;
import dev.ganymede.container.ObservedContainer;
import dev.ganymede.container.ObservedContainer.Status;
import dev.ganymede.gateway.Gateway;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What belongs to nobody, what is worked on, and what a pause forbids. */
class PoolPlannerTest {

    @Test
    void reapsOwnContainersThatBelongToNoMember() {
        ObservedContainer orphan = container("orphan", gateway(7, READY), Status.RUNNING);
        ObservedContainer damaged = new ObservedContainer(
                new ContainerId("damaged"), "gw-pool-8", Optional.empty(), Optional.empty(), Status.ENDED);
        assertThat(new Scene()
                        .container(orphan)
                        .container(damaged)
                        .size(0, 0, 1)
                        .plan())
                .isEqualTo(plan(
                        new PoolAction.Reap(id("orphan"), "gw-pool-7"),
                        new PoolAction.Reap(id("damaged"), "gw-pool-8")));
    }

    @Test
    void neverReapsAContainerWhoseRowIsBeingWritten() {
        Gateway unborn = gateway(0, CREATING);
        assertThat(new Scene()
                        .container(container("c", unborn, Status.RUNNING))
                        .busy(unborn)
                        .size(0, 1, 1)
                        .plan())
                .isEqualTo(partial());
    }

    @Test
    void leavesBusyGatewaysAloneAndLooksAgain() {
        Gateway broken = gateway(0, UNHEALTHY);
        assertThat(new Scene().members(broken).busy(broken).plan()).isEqualTo(partial());
    }

    @Test
    void doesAllThatIsNeededInOnePlan() {
        Gateway dead = gateway(0, READY);
        Gateway broken = gateway(1, UNHEALTHY);
        Gateway recycled = with(RECYCLE, gateway(2, ALLOCATED));
        assertThat(new Scene()
                        .member(dead, List.of())
                        .members(broken, recycled)
                        .size(3, 0, 10)
                        .plan())
                .isEqualTo(partial(
                        fail(dead, "its container is gone"),
                        replace(broken, "UNHEALTHY", "c-1"),
                        new PoolAction.Empty(recycled, id("c-2")),
                        grow(0, 3)));
    }

    @Test
    void createsReplacesAndRemovesNothingWhilePaused() {
        ObservedContainer orphan = container("orphan", gateway(7, READY), Status.RUNNING);
        assertThat(new Scene()
                        .members(gateway(0, UNHEALTHY), with(RECYCLE, gateway(1, READY)))
                        .members(with(RECYCLE, gateway(2, ALLOCATED)))
                        .container(orphan)
                        .size(1, 9, 10)
                        .surplusSince(NOW)
                        .rollout(RolloutPlanTest.running(5))
                        .paused()
                        .plan())
                .isEqualTo(Plans.surplus(NOW, plan()));
    }

    @Test
    void callsWhatIsLostLostThoughPaused() {
        Gateway ready = gateway(0, READY);
        Gateway serving = gateway(1, ALLOCATED);
        assertThat(new Scene()
                        .member(ready, List.of())
                        .member(serving, List.of(container("c", serving, Status.ENDED)))
                        .members(gateway(2, ALLOCATED))
                        .paused()
                        .plan())
                .isEqualTo(partial(fail(ready, "its container is gone"), fail(serving, "its container is gone")));
    }
}
