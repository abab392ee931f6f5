package dev.ganymede.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.ArrayList;
import java.util.List;
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

    private UniAssertSubscriber<String> join(String key) {
        return flights.join(key, () -> Uni.createFrom().<String>emitter(begun::add))
                .subscribe()
                .withSubscriber(UniAssertSubscriber.create());
    }
}
