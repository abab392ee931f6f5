package dev.ganymede.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.smallrye.mutiny.subscription.UniSubscriber;
import io.smallrye.mutiny.subscription.UniSubscription;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class SingleFlightTest {

    private final SingleFlight<String, String> flights = new SingleFlight<>();
    private final List<UniEmitter<? super String>> begun = new ArrayList<>();

    @Test
    void concurrentCallersShareOneFlight() {
        UniAssertSubscriber<String> first = join("org");
        UniAssertSubscriber<String> second = join("org");
        assertThat(begun).hasSize(1);
        begun.get(0).complete("served");
        first.assertItem("served");
        second.assertItem("served");
    }

    @Test
    void aLaterCallerGetsANewFlight() {
        join("org");
        begun.get(0).complete("served");
        join("org");
        assertThat(begun).hasSize(2);
    }

    @Test
    void aFailureIsSharedAndForgotten() {
        UniAssertSubscriber<String> first = join("org");
        UniAssertSubscriber<String> second = join("org");
        begun.get(0).fail(new IllegalStateException("no"));
        first.assertFailedWith(IllegalStateException.class);
        second.assertFailedWith(IllegalStateException.class);
        join("org");
        assertThat(begun).hasSize(2);
    }

    @Test
    void theFlightGoesOnWhenAPassengerLeaves() {
        UniAssertSubscriber<String> first = join("org");
        UniAssertSubscriber<String> second = join("org");
        first.cancel();
        begun.get(0).complete("served");
        second.assertItem("served");
    }

    @Test
    void whoJoinsAtTheLastMomentIsToldInOrder() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            for (int i = 0; i < 5_000; i++) {
                SingleFlight<String, String> lone = new SingleFlight<>();
                AtomicReference<UniEmitter<? super String>> flight = new AtomicReference<>();
                lone.join("org", () -> Uni.createFrom().<String>emitter(flight::set))
                        .subscribe()
                        .with(served -> {});
                CyclicBarrier together = new CyclicBarrier(2);
                Late late = new Late();
                Future<?> ending = threads.submit(() -> {
                    together.await();
                    flight.get().complete("served");
                    return null;
                });
                Future<?> joining = threads.submit(() -> {
                    together.await();
                    lone.join("org", () -> Uni.createFrom().item("again"))
                            .subscribe()
                            .withSubscriber(late);
                    return null;
                });
                ending.get();
                joining.get();
                assertThat(late.told).hasSize(2).startsWith("subscribed");
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static final class Late implements UniSubscriber<String> {

        private final List<String> told = new CopyOnWriteArrayList<>();

        @Override
        public void onSubscribe(UniSubscription subscription) {
            told.add("subscribed");
        }

        @Override
        public void onItem(String item) {
            told.add(item);
        }

        @Override
        public void onFailure(Throwable failure) {
            told.add(failure.toString());
        }
    }

    private UniAssertSubscriber<String> join(String key) {
        return flights.join(key, () -> Uni.createFrom().<String>emitter(begun::add))
                .subscribe()
                .withSubscriber(UniAssertSubscriber.create());
    }
}
