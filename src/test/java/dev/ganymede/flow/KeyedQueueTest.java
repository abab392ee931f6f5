package dev.ganymede.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KeyedQueueTest {

    private final KeyedQueue<String> queue = new KeyedQueue<>(2, 3);
    private final Map<String, UniEmitter<? super String>> begun = new HashMap<>();

    @Test
    void workOfOneKeyRunsOneAfterTheOther() {
        UniAssertSubscriber<String> first = run("org", "first");
        UniAssertSubscriber<String> second = run("org", "second");
        assertThat(begun).containsOnlyKeys("first");
        begun.get("first").complete("done");
        first.assertCompleted();
        assertThat(begun).containsKey("second");
        begun.get("second").complete("done");
        second.assertCompleted();
    }

    @Test
    void differentKeysRunSideBySide() {
        run("a", "work of a");
        run("b", "work of b");
        assertThat(begun).containsOnlyKeys("work of a", "work of b");
    }

    @Test
    void aFailureLetsTheNextOneRun() {
        UniAssertSubscriber<String> first = run("org", "first");
        run("org", "second");
        begun.get("first").fail(new IllegalStateException("no"));
        first.assertFailedWith(IllegalStateException.class);
        assertThat(begun).containsKey("second");
    }

    @Test
    void workIsNotCutWhenItsCallerLeaves() {
        UniAssertSubscriber<String> first = run("org", "first");
        run("org", "second");
        first.cancel();
        assertThat(begun).containsOnlyKeys("first");
        begun.get("first").complete("done");
        assertThat(begun).containsKey("second");
    }

    @Test
    void whatWaitsForOneKeyIsBounded() {
        run("org", "first");
        run("org", "second");
        run("org", "third");
        run("org", "too many").assertFailedWith(FullException.class);
        begun.get("first").complete("done");
        run("org", "fourth").assertNotTerminated();
        assertThat(begun).containsOnlyKeys("first", "second");
    }

    @Test
    void whatWaitsAltogetherIsBounded() {
        run("a", "a1");
        run("b", "b1");
        run("a", "a2");
        run("a", "a3");
        run("b", "b2");
        run("b", "too many").assertFailedWith(FullException.class);
        // what need not wait is no burden
        run("c", "c1").assertNotTerminated();
        assertThat(begun).containsOnlyKeys("a1", "b1", "c1");
        begun.get("a1").complete("done");
        run("b", "b3").assertNotTerminated();
    }

    private UniAssertSubscriber<String> run(String key, String name) {
        return queue.run(key, () -> Uni.createFrom().<String>emitter(emitter -> begun.put(name, emitter)))
                .subscribe()
                .withSubscriber(UniAssertSubscriber.create());
    }
}
