package dev.ganymede.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class ReactorTest {

    private final List<UniEmitter<? super Void>> runs = new ArrayList<>();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private final Reactor reactor =
            new Reactor(() -> Uni.createFrom().emitter(runs::add), Duration.ofMinutes(1), failures::add);

    @Test
    void aBurstMakesOneMoreRun() {
        for (int signal = 0; signal < 100; signal++) {
            reactor.signal();
        }
        assertThat(runs).hasSize(1);
        runs.get(0).complete(null);
        assertThat(runs).hasSize(2);
        runs.get(1).complete(null);
        assertThat(runs).hasSize(2);
    }

    @Test
    void everySignalAfterARunMakesAnother() {
        for (int run = 0; run < 3; run++) {
            reactor.signal();
            runs.get(run).complete(null);
        }
        assertThat(runs).hasSize(3);
    }

    @Test
    void aFailedRunIsToldAndDoesNotEndTheRest() {
        reactor.signal();
        reactor.signal();
        IllegalStateException failure = new IllegalStateException("of the test");
        runs.get(0).fail(failure);
        assertThat(failures).containsExactly(failure);
        assertThat(runs).hasSize(2);
    }

    @Test
    void workThatThrowsIsAFailedRun() {
        Reactor throwing = new Reactor(
                () -> {
                    throw new IllegalStateException("of the test");
                },
                Duration.ofMinutes(1),
                failures::add);
        throwing.signal();
        throwing.signal();
        assertThat(failures).hasSize(2);
    }

    @Test
    void aStuckRunIsGivenUp() {
        Reactor impatient =
                new Reactor(() -> Uni.createFrom().emitter(runs::add), Duration.ofMillis(10), failures::add);
        impatient.signal();
        impatient.signal();
        await().untilAsserted(() -> assertThat(runs).hasSize(2));
        await().untilAsserted(() -> assertThat(failures).hasSize(2));
    }
}
