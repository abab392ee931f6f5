package dev.ganymede.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MemoryBudgetTest {

    private static final int MEBIBYTE = 1024 * 1024;

    private final MemoryBudget memory = new MemoryBudget(new StoreSettings()
            .with("ganymede.snapshot.memory-bytes", 4 * MEBIBYTE)
            .snapshots());

    @Test
    void givesWhatIsFree() throws InterruptedException {
        assertThat(memory.tryTake(3 * MEBIBYTE)).isTrue();
        assertThat(memory.tryTake(MEBIBYTE)).isFalse();
        memory.giveBack(3 * MEBIBYTE);
        assertThat(memory.tryTake(MEBIBYTE)).isTrue();
    }

    @Test
    void nobodyOvertakesWhoWaitsForMuch() throws Exception {
        memory.tryTake(3 * MEBIBYTE);
        FutureTask<Boolean> much = new FutureTask<>(() -> memory.take(2 * MEBIBYTE, TimeUnit.MINUTES.toNanos(1)));
        Thread waiting = new Thread(much);
        waiting.start();
        await().until(() -> waiting.getState() == Thread.State.TIMED_WAITING);
        assertThat(memory.tryTake(1)).isFalse();
        memory.giveBack(3 * MEBIBYTE);
        assertThat(much.get(10, TimeUnit.SECONDS)).isTrue();
        assertThat(memory.tryTake(1)).isTrue();
    }
}
