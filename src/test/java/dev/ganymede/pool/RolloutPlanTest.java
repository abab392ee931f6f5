package dev.ganymede.pool;

import static dev.ganymede.pool.Members.ALLOCATED;
import static dev.ganymede.pool.Members.CORDONED;
import static dev.ganymede.pool.Members.CREATING;
import static dev.ganymede.pool.Members.READY;
import static dev.ganymede.pool.Members.REMOVING;
import static dev.ganymede.pool.Members.STARTING;
import static dev.ganymede.pool.Members.UNHEALTHY;
import static dev.ganymede.pool.Members.failed;
import static dev.ganymede.pool.Members.gateway;
import static dev.ganymede.pool.Members.with;
import static dev.ganymede.pool.Plans.grow;
import static dev.ganymede.pool.Plans.lookAgain;
import static dev.ganymede.pool.Plans.partial;
import static dev.ganymede.pool.Plans.plan;
import static dev.ganymede.pool.Plans.replaceBy;
import static dev.ganymede.pool.Plans.verdict;
import static dev.ganymede.pool.Scene.COOL_DOWN;
import static dev.ganymede.pool.Scene.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ganymede.gateway.Gateway;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Rolling upgrades: from the image {@code old} to {@code new}. */
class RolloutPlanTest {

    private static final String WHY = "the pool is upgraded to gateway:new";

    private final Gateway oldZero = with("old", gateway(0, READY));
    private final Gateway oldOne = with("old", gateway(1, READY));
    private final Gateway newZero = with("new", gateway(0, READY));
    private final Gateway newOne = with("new", gateway(1, READY));

    static Rollout running(int setbacks) {
        return new Rollout(
                1,
                "gateway:new",
                "new",
                Optional.of("old"),
                Rollout.State.RUNNING,
                Optional.empty(),
                setbacks,
                NOW,
                Optional.empty());
    }

    private static Rollout stopped() {
        return running(2).ended(Rollout.Verdict.stopped("two failed"), NOW);
    }

    @Test
    void beginsWithOneReadyMember() {
        assertThat(rolling(oldZero, oldOne).size(1, 2, 2).plan())
                .isEqualTo(plan(replaceBy("new", oldZero, WHY, "c-0")));
        assertThat(waiting(rolling(oldZero, oldOne).size(1, 2, 2))).isEmpty();
    }

    @Test
    void touchesNoOtherBeforeTheCanaryIsReady() {
        Scene scene = rolling(with("new", gateway(0, STARTING)), oldOne, with("old", gateway(2, READY)))
                .size(1, 3, 3);
        assertThat(scene.plan()).isEqualTo(lookAgain(NOW.plusSeconds(1), plan()));
        assertThat(waiting(scene)).contains("gw-pool-0 to become ready");
    }

    @Test
    void waitsForWhatIsWorkedOn() {
        Gateway busy = with("old", gateway(0, REMOVING));
        assertThat(rolling(busy, oldOne).busy(busy).size(0, 2, 2).plan()).isEqualTo(partial());
    }

    @Test
    void goesOnWithTheNextOne() {
        assertThat(rolling(newZero, oldOne).size(1, 2, 2).plan()).isEqualTo(plan(replaceBy("new", oldOne, WHY, "c-1")));
    }

    @Test
    void growsByOneWhenTheBufferIsAllThatIsReady() {
        assertThat(rolling(oldZero).size(1, 0, 3).plan()).isEqualTo(plan(grow(0, 1, "new")));
    }

    @Test
    void keepsTheExtraMemberUntilAllAreUpgraded() {
        assertThat(rolling(oldZero, newOne).size(1, 0, 3).plan())
                .isEqualTo(plan(replaceBy("new", oldZero, WHY, "c-0")));
        assertThat(rolling(newZero, newOne).size(1, 0, 3).plan())
                .isEqualTo(
                        Plans.surplus(NOW, lookAgain(NOW.plus(COOL_DOWN), verdict(Rollout.Verdict.COMPLETED, plan()))));
    }

    @Test
    void waitsWhenTheBufferIsAllThatIsReadyAndTheMaxIsReached() {
        Scene scene = rolling(with("old", gateway(0, ALLOCATED)), oldOne).size(1, 0, 2);
        assertThat(scene.plan()).isEqualTo(plan());
        assertThat(waiting(scene)).contains("a ready member beyond the buffer of 1");
    }

    @Test
    void readyMembersForThoseWhoWaitAreNotToSpare() {
        assertThat(rolling(oldZero, oldOne).size(1, 2, 2).queued(1).plan()).isEqualTo(plan());
    }

    @Test
    void cordonedMembersAreNoBufferAndCostNone() {
        Gateway cordoned = with(CORDONED, oldZero);
        assertThat(rolling(cordoned, newOne).size(1, 0, 2).plan())
                .isEqualTo(plan(replaceBy("new", cordoned, WHY, "c-0")));
    }

    @Test
    void leavesServingMembersAloneUntilTheyComeBack() {
        Scene scene = rolling(with("old", gateway(0, ALLOCATED)), newOne).size(0, 2, 2);
        assertThat(scene.plan()).isEqualTo(plan());
        assertThat(waiting(scene)).contains("members that are in use to come back");
        Gateway back = with("old", gateway(0, REMOVING));
        assertThat(rolling(back, newOne).size(0, 2, 2).plan())
                .isEqualTo(plan(replaceBy("new", back, "REMOVING", "c-0")));
    }

    @Test
    void oneLifeAtATimeTriesAnImageThatHasNotProvenItself() {
        Gateway first = with("old", gateway(0, REMOVING));
        Gateway second = with("old", gateway(1, REMOVING));
        assertThat(rolling(first, second).size(0, 2, 2).plan())
                .isEqualTo(
                        plan(replaceBy("new", first, "REMOVING", "c-0"), replaceBy("old", second, "REMOVING", "c-1")));
    }

    @Test
    void oneThatFailedOnTheNewImageTriesItAgainAfterItsWait() {
        Gateway waits = failed(2, NOW.plusSeconds(1), with("new", gateway(0, UNHEALTHY)));
        Gateway back = with("old", gateway(1, REMOVING));
        assertThat(rolling(waits, back).size(0, 2, 2).plan())
                .isEqualTo(lookAgain(NOW.plusSeconds(1), plan(replaceBy("old", back, "REMOVING", "c-1"))));
    }

    @Test
    void isCompletedWhenAllMembersHaveTheImage() {
        assertThat(rolling(newZero, with("new", gateway(1, ALLOCATED))).plan())
                .isEqualTo(verdict(Rollout.Verdict.COMPLETED, plan()));
    }

    @Test
    void isNotCompletedBeforeOneIsReady() {
        assertThat(rolling(with("new", gateway(0, STARTING))).plan()).isEqualTo(lookAgain(NOW.plusSeconds(1), plan()));
        assertThat(rolling().size(0, 0, 5).plan()).isEqualTo(verdict(Rollout.Verdict.COMPLETED, plan()));
    }

    @Test
    void isStoppedWhenTheImageDoesNotComeUpAndGoesBack() {
        Gateway bad = failed(2, NOW.plusSeconds(300), with("new", gateway(0, UNHEALTHY)));
        assertThat(new Scene().members(bad, oldOne).rollout(running(2)).plan())
                .isEqualTo(verdict(
                        Rollout.Verdict.stopped("2 lives on the new image came to nothing"),
                        plan(replaceBy("old", bad, "UNHEALTHY", "c-0"))));
    }

    @Test
    void afterAStopOnlyMembersThatServeOrCouldKeepTheImage() {
        Gateway starting = with("new", gateway(0, STARTING));
        Gateway creating = failed(1, NOW.plusSeconds(9), with("new", gateway(1, CREATING)));
        Gateway ready = with("new", gateway(2, READY));
        Gateway serving = with("new", gateway(3, ALLOCATED));
        assertThat(new Scene()
                        .members(starting)
                        .member(creating, List.of())
                        .members(ready, serving)
                        .size(0, 4, 5)
                        .rollout(stopped())
                        .plan())
                .isEqualTo(plan(
                        replaceBy("old", starting, "the upgrade to its image was stopped", "c-0"),
                        replaceBy("old", creating, "its creation was not finished")));
    }

    @Test
    void newMembersGetTheImageOfTheLastUpgradeThatWasNotStopped() {
        assertThat(new Scene()
                        .size(0, 1, 1)
                        .rollout(running(0).ended(Rollout.Verdict.COMPLETED, NOW))
                        .plan())
                .isEqualTo(plan(grow(0, 0, "new")));
        assertThat(new Scene().size(0, 1, 1).rollout(stopped()).plan()).isEqualTo(plan(grow(0, 0, "old")));
    }

    private static Scene rolling(Gateway... members) {
        return new Scene().members(members).rollout(running(0));
    }

    private static Optional<String> waiting(Scene scene) {
        return RolloutPlanner.waitingFor(scene.seen());
    }
}
