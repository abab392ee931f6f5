package dev.ganymede.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganymede.container.ContainerId;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ActionLaneTest {

    private final Map<PoolAction, UniEmitter<? super Void>> running = new LinkedHashMap<>();
    private int succeeded;
    private final ActionLane lane = new ActionLane(2, this::begin, () -> succeeded++);

    private final PoolAction one = reap("one");
    private final PoolAction two = reap("two");
    private final PoolAction three = reap("three");

    @Test
    void beginsSoManyAtATime() {
        lane.add(one);
        lane.add(two);
        lane.add(three);
        assertThat(running).containsOnlyKeys(one, two);
        end(one);
        assertThat(running).containsOnlyKeys(two, three);
        assertThat(succeeded).isEqualTo(1);
    }

    @Test
    void oneFailureNeverStopsTheOthersAndIsNoSuccess() {
        lane.add(one);
        lane.add(two);
        lane.add(three);
        running.remove(one).fail(new IllegalStateException("engine"));
        assertThat(running).containsOnlyKeys(two, three);
        assertThat(succeeded).isZero();
    }

    @Test
    void workOnOneSubjectIsNotBegunTwice() {
        lane.add(one);
        lane.add(reap("one"));
        end(one);
        assertThat(running).isEmpty();
        assertThat(lane.work()).isEmpty();
        lane.add(reap("one"));
        assertThat(running).hasSize(1);
    }

    @Test
    void whatWaitsIsDroppedAndWhatRunsEnds() {
        lane.add(one);
        lane.add(two);
        lane.add(three);
        lane.clear();
        assertThat(lane.work().values()).containsExactlyInAnyOrder(one, two);
        end(one);
        end(two);
        assertThat(running).isEmpty();
        assertThat(lane.work()).isEmpty();
    }

    private Uni<Void> begin(PoolAction action) {
        return Uni.createFrom().emitter(emitter -> running.put(action, emitter));
    }

    private void end(PoolAction action) {
        running.remove(action).complete(null);
    }

    private static PoolAction reap(String name) {
        return new PoolAction.Reap(new ContainerId(name), name);
    }
}
