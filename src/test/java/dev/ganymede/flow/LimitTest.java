package dev.ganymede.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LimitTest {

    private final Limit limit = new Limit(2);
    private final List<UniEmitter<? super String>> begun = new ArrayList<>();

    @Test
    void refusesWhatIsBeyondItAtOnce() {
        run();
        run();
        run().assertFailedWith(FullException.class);
        assertThat(begun).hasSize(2);
    }

    @Test
    void whatHasEndedGivesItsPlaceBack() {
        UniAssertSubscriber<String> ends = run();
        UniAssertSubscriber<String> fails = run();
        begun.get(0).complete("done");
        begun.get(1).fail(new IllegalStateException("no"));
        ends.assertCompleted();
        fails.assertFailedWith(IllegalStateException.class);
        run().assertNotTerminated();
        UniAssertSubscriber<String> leaves = run();
        leaves.cancel();
        run().assertNotTerminated();
        run().assertFailedWith(FullException.class);
    }

    @Test
    void workThatCanNotEvenBeginGivesItsPlaceBack() {
        for (int time = 0; time < 3; time++) {
            limit.within(() -> {
                        throw new IllegalStateException("no");
                    })
                    .subscribe()
                    .withSubscriber(UniAssertSubscriber.create())
                    .assertFailedWith(IllegalStateException.class);
        }
    }

    private UniAssertSubscriber<String> run() {
        return limit.within(() -> Uni.createFrom().<String>emitter(begun::add))
                .subscribe()
                .withSubscriber(UniAssertSubscriber.create());
    }
}
