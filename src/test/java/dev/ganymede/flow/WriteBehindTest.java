package dev.ganymede.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WriteBehindTest {

    private static final Duration DELAY = Duration.ofMillis(50);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private record Task(Duration delay, Runnable work) {}

    private final List<Task> timer = new ArrayList<>();
    private final List<List<Integer>> writes = new ArrayList<>();
    private final List<UniEmitter<? super Void>> ends = new ArrayList<>();
    private final List<String> trouble = new ArrayList<>();
    private final WriteBehind<Integer> behind = new WriteBehind<>(
            new WriteBehind.Limits(5, 3, DELAY, PAUSE),
            (delay, work) -> timer.add(new Task(delay, work)),
            batch -> {
                writes.add(batch);
                return Uni.createFrom().emitter(ends::add);
            },
            new WriteBehind.Trouble() {
                @Override
                public void began(Throwable failure) {
                    trouble.add("began: " + failure.getMessage());
                }

                @Override
                public void dropped(int items) {
                    trouble.add("dropped " + items);
                }

                @Override
                public void ended() {
                    trouble.add("ended");
                }
            });

    @Test
    void writesNothingBeforeItsTimeAndThenEverythingAtOnce() {
        add(1, 2);
        assertThat(writes).isEmpty();
        assertThat(timer).extracting(Task::delay).containsExactly(DELAY);
        tick();
        assertThat(writes).containsExactly(List.of(1, 2));
    }

    @Test
    void aFullBatchDoesNotWait() {
        add(1, 2, 3);
        assertThat(timer).extracting(Task::delay).containsExactly(DELAY, Duration.ZERO);
        tick();
        assertThat(writes).containsExactly(List.of(1, 2, 3));
    }

    @Test
    void neverWritesTwiceAtATime() {
        add(1);
        tick();
        add(2, 3, 4);
        tick();
        assertThat(writes).containsExactly(List.of(1));
        succeed();
        assertThat(writes).containsExactly(List.of(1), List.of(2, 3, 4));
    }

    @Test
    void whatCameDuringAWriteWaitsForItsOwnTime() {
        add(1);
        tick();
        add(2);
        succeed();
        assertThat(writes).hasSize(1);
        assertThat(timer).extracting(Task::delay).containsExactly(DELAY);
        tick();
        assertThat(writes).containsExactly(List.of(1), List.of(2));
    }

    @Test
    void beginsAnewAfterEverythingIsWritten() {
        add(1);
        tick();
        succeed();
        assertThat(timer).isEmpty();
        add(2);
        tick();
        assertThat(writes).containsExactly(List.of(1), List.of(2));
    }

    @Test
    void aFailedBatchIsTriedAgainBeforeWhatCameLater() {
        add(1, 2);
        tick();
        add(3);
        fail("database is away");
        assertThat(timer).extracting(Task::delay).containsExactly(PAUSE);
        tick();
        assertThat(writes).containsExactly(List.of(1, 2), List.of(1, 2, 3));
    }

    @Test
    void addingDuringThePauseDoesNotHurryTheNextAttempt() {
        add(1);
        tick();
        fail("away");
        add(2, 3, 4);
        assertThat(timer).extracting(Task::delay).containsExactly(PAUSE);
    }

    @Test
    void anAlarmOfBeforeDoesNotEndThePause() {
        add(1);
        Task delayed = timer.remove(0);
        add(2, 3);
        tick();
        fail("away");
        delayed.work().run();
        assertThat(writes).hasSize(1);
        tick();
        assertThat(writes).hasSize(2);
    }

    @Test
    void theOldestAreDroppedWhenTooManyWait() {
        add(1, 2, 3);
        tick();
        add(4, 5, 6, 7);
        fail("away");
        add(8);
        assertThat(trouble).containsExactly("began: away", "dropped 2", "dropped 1");
        tick();
        assertThat(writes.get(1)).containsExactly(4, 5, 6);
        succeed();
        tick();
        assertThat(writes.get(2)).containsExactly(7, 8);
    }

    @Test
    void anOutageIsToldOnceHoweverLongItLasts() {
        add(1);
        tick();
        fail("away");
        tick();
        fail("still away");
        tick();
        succeed();
        add(2);
        tick();
        fail("away again");
        assertThat(trouble).containsExactly("began: away", "ended", "began: away again");
    }

    @Test
    void aWriterThatThrowsIsAWriteThatFailed() {
        WriteBehind<Integer> broken = new WriteBehind<>(
                new WriteBehind.Limits(5, 3, DELAY, PAUSE),
                (delay, work) -> timer.add(new Task(delay, work)),
                batch -> {
                    throw new IllegalStateException("closed");
                },
                new WriteBehind.Trouble() {
                    @Override
                    public void began(Throwable failure) {
                        trouble.add(failure.getMessage());
                    }

                    @Override
                    public void dropped(int items) {}

                    @Override
                    public void ended() {}
                });
        broken.add(1);
        tick();
        assertThat(trouble).containsExactly("closed");
        assertThat(timer).extracting(Task::delay).containsExactly(PAUSE);
    }

    @Test
    void aFlushEndsWhenNothingWaits() {
        add(1);
        tick();
        add(2, 3, 4, 5);
        UniAssertSubscriber<Void> flush = flush();
        succeed();
        assertThat(writes).containsExactly(List.of(1), List.of(2, 3, 4));
        succeed();
        assertThat(writes).containsExactly(List.of(1), List.of(2, 3, 4), List.of(5));
        flush.assertNotTerminated();
        succeed();
        flush.assertCompleted();
    }

    @Test
    void aFlushOfNothingEndsAtOnce() {
        flush().assertCompleted();
        assertThat(writes).isEmpty();
    }

    @Test
    void aFlushDoesNotWaitForAnOutageToEnd() {
        add(1);
        UniAssertSubscriber<Void> flush = flush();
        fail("away");
        flush.assertFailedWith(IllegalStateException.class, "away");
    }

    private void add(int... items) {
        IntStream.of(items).forEach(behind::add);
    }

    /** Runs what the timer has; what that adds comes with the next tick. */
    private void tick() {
        List<Task> due = List.copyOf(timer);
        timer.clear();
        due.forEach(task -> task.work().run());
    }

    private void succeed() {
        ends.remove(0).complete(null);
    }

    private void fail(String message) {
        ends.remove(0).fail(new IllegalStateException(message));
    }

    private UniAssertSubscriber<Void> flush() {
        return behind.flush().subscribe().withSubscriber(UniAssertSubscriber.create());
    }
}
