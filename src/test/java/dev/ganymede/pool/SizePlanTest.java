package dev.ganymede.pool;

import static dev.ganymede.pool.Members.ALLOCATED;
import static dev.ganymede.pool.Members.CORDONED;
import static dev.ganymede.pool.Members.READY;
import static dev.ganymede.pool.Members.STARTING;
import static dev.ganymede.pool.Members.UNHEALTHY;
import static dev.ganymede.pool.Members.gateway;
import static dev.ganymede.pool.Members.with;
import static dev.ganymede.pool.Plans.grow;
import static dev.ganymede.pool.Plans.lookAgain;
import static dev.ganymede.pool.Plans.partial;
import static dev.ganymede.pool.Plans.plan;
import static dev.ganymede.pool.Plans.retire;
import static dev.ganymede.pool.Plans.surplus;
import static dev.ganymede.pool.Scene.COOL_DOWN;
import static dev.ganymede.pool.Scene.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ganymede.gateway.Gateway;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How large the pool is to be, and how it gets there. */
class SizePlanTest {

    private static final Instant COOLED = NOW.minus(COOL_DOWN);

    private final Gateway zero = gateway(0, READY);
    private final Gateway one = gateway(1, READY);
    private final Gateway two = gateway(2, READY);
    private final Gateway serving = gateway(0, ALLOCATED);

    @ParameterizedTest(name = "{0} allocated, {1} queued, buffer {2}, {3} to {4}: {5}")
    @CsvSource({
        "0, 0, 1, 3, 10, 3",
        "3, 0, 1, 3, 10, 4",
        "3, 2, 1, 3, 10, 6",
        "9, 4, 1, 3, 10, 10",
        "0, 0, 0, 0, 10, 0",
        "0, 0, 20, 0, 10, 10",
        "5, 0, 1, 8, 3, 3"
    })
    void wantsWhatIsInUseAndTheBufferWithinItsLimits(
            int allocated, int queued, int buffer, int min, int max, int desired) {
        assertThat(new PoolSize(buffer, min, max).desired(allocated, queued)).isEqualTo(desired);
    }

    @Test
    void fillsAnEmptyPoolFromTheLowestNumber() {
        assertThat(new Scene().size(1, 3, 10).plan()).isEqualTo(plan(grow(0, 0), grow(1, 1), grow(2, 2)));
    }

    @Test
    void takesTheLowestFreeNumberAfterARemoval() {
        assertThat(new Scene().members(zero, two).size(0, 3, 3).plan()).isEqualTo(plan(grow(0, 1)));
    }

    @Test
    void leavesNamesThatOthersHaveOnTheSameEngine() {
        assertThat(new Scene().foreign("gw-pool-0", "gw-pool-2").size(0, 2, 2).plan())
                .isEqualTo(plan(grow(0, 1), grow(1, 3)));
    }

    @Test
    void makesAtMostSoManyInOnePlanAndGoesOn() {
        assertThat(new Scene().size(0, 9, 9).plan()).isEqualTo(partial(grow(0, 0), grow(1, 1), grow(2, 2), grow(3, 3)));
    }

    @Test
    void restoresTheBufferWhenOneIsTaken() {
        assertThat(new Scene().members(serving, one).size(2, 0, 10).plan()).isEqualTo(plan(grow(0, 2)));
    }

    @Test
    void growsForThoseWhoWait() {
        assertThat(new Scene().members(serving).size(0, 0, 10).queued(2).plan())
                .isEqualTo(plan(grow(0, 1), grow(1, 2)));
    }

    @Test
    void countsMembersThatAreBeingBorn() {
        assertThat(new Scene().beingBorn(1).size(0, 1, 1).plan()).isEqualTo(partial());
    }

    @Test
    void aMemberThatFailedIsNotMadeUpForByAnother() {
        Gateway broken = Members.failed(5, NOW.plusSeconds(15), gateway(0, UNHEALTHY));
        assertThat(new Scene().members(broken).size(1, 1, 10).plan()).isEqualTo(lookAgain(NOW.plusSeconds(15), plan()));
    }

    @Test
    void aCordonedOneIsNoBuffer() {
        assertThat(new Scene().members(with(CORDONED, zero)).size(1, 1, 10).plan())
                .isEqualTo(plan(grow(0, 1)));
    }

    @Test
    void aCordonedServingOneCounts() {
        assertThat(new Scene()
                        .members(with(CORDONED, serving), one)
                        .size(1, 0, 10)
                        .plan())
                .isEqualTo(plan());
    }

    @Test
    void cordonedOnesDoNotLetThePoolExceedItsMax() {
        assertThat(new Scene().members(with(CORDONED, zero), one).size(5, 0, 3).plan())
                .isEqualTo(plan(grow(0, 2)));
    }

    @Test
    void remembersSinceWhenThereAreTooMany() {
        assertThat(new Scene().members(zero, one).size(1, 0, 10).plan())
                .isEqualTo(surplus(NOW, lookAgain(NOW.plus(COOL_DOWN), plan())));
    }

    @Test
    void keepsThemUntilTheCoolDownIsOver() {
        Instant since = COOLED.plusSeconds(1);
        assertThat(new Scene()
                        .members(zero, one)
                        .size(1, 0, 10)
                        .surplusSince(since)
                        .plan())
                .isEqualTo(surplus(since, lookAgain(NOW.plusSeconds(1), plan())));
    }

    @Test
    void thenTheHighestNumbersLeave() {
        assertThat(new Scene()
                        .members(zero, one, two)
                        .size(1, 0, 10)
                        .surplusSince(COOLED)
                        .plan())
                .isEqualTo(surplus(COOLED, plan(retire(two), retire(one))));
    }

    @Test
    void forgetsTheCoolDownWhenTheyAreWantedAgain() {
        assertThat(new Scene()
                        .members(serving, one)
                        .size(1, 0, 10)
                        .surplusSince(COOLED)
                        .plan())
                .isEqualTo(plan());
    }

    @Test
    void onlyIdleOnesLeaveBrokenOnesFirst() {
        Gateway broken = gateway(1, UNHEALTHY);
        Gateway starting = gateway(2, STARTING);
        Gateway ready = gateway(3, READY);
        assertThat(new Scene()
                        .members(serving, broken, starting, ready)
                        .size(1, 0, 10)
                        .surplusSince(COOLED)
                        .plan())
                .isEqualTo(surplus(COOLED, plan(retire(broken), retire(starting))));
    }

    @Test
    void keepsAllocatedGatewaysWhenThePoolShrinks() {
        assertThat(new Scene()
                        .members(serving, gateway(1, ALLOCATED), two)
                        .size(0, 0, 1)
                        .plan())
                .isEqualTo(plan(retire(two)));
    }

    @Test
    void aboveTheMaxIdleOnesLeaveAtOnce() {
        assertThat(new Scene().members(zero, one, two).size(1, 0, 2).plan())
                .isEqualTo(surplus(NOW, lookAgain(NOW.plus(COOL_DOWN), plan(retire(two)))));
    }

    @Test
    void aboveTheMaxCordonedOnesLeaveLast() {
        assertThat(new Scene().members(zero, with(CORDONED, one)).size(0, 1, 1).plan())
                .isEqualTo(plan(retire(zero)));
    }

    @Test
    void aCordonedOneStaysAMemberThoughThereAreTooMany() {
        assertThat(new Scene()
                        .members(zero, with(CORDONED, one))
                        .size(0, 0, 10)
                        .surplusSince(COOLED)
                        .plan())
                .isEqualTo(surplus(COOLED, plan(retire(zero))));
    }

    @Test
    void whatIsLeavingAlreadyIsNotCountedAgain() {
        Gateway leaving = gateway(2, Members.REMOVING);
        assertThat(new Scene()
                        .members(zero, leaving)
                        .leaving(leaving)
                        .size(1, 0, 10)
                        .surplusSince(COOLED)
                        .plan())
                .isEqualTo(partial());
    }
}
