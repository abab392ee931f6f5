package dev.ganymede.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatcherTest {

    private final List<List<String>> batches = new ArrayList<>();
    private final List<UniEmitter<? super Void>> ends = new ArrayList<>();

    @Test
    void everythingThatWaitsGoesIntoTheNextBatch() {
        Batcher<String> batcher = batcher(10, 10);
        subscribe(batcher.submit("a"));
        subscribe(batcher.submit("b"));
        subscribe(batcher.submit("c"));
        assertThat(batches).containsExactly(List.of("a"));
        ends.get(0).complete(null);
        assertThat(batches).containsExactly(List.of("a"), List.of("b", "c"));
    }

    @Test
    void itemsEndWithTheirOwnBatch() {
        Batcher<String> batcher = batcher(10, 10);
        UniAssertSubscriber<Void> first = subscribe(batcher.submit("a"));
        UniAssertSubscriber<Void> second = subscribe(batcher.submit("b"));
        ends.get(0).fail(new IllegalStateException("disk full"));
        first.assertFailedWith(IllegalStateException.class, "disk full");
        second.assertNotTerminated();
        ends.get(1).complete(null);
        second.assertCompleted();
    }

    @Test
    void aBatchIsBounded() {
        Batcher<String> batcher = batcher(10, 2);
        subscribe(batcher.submit("a"));
        List.of("b", "c", "d").forEach(item -> subscribe(batcher.submit(item)));
        ends.get(0).complete(null);
        ends.get(1).complete(null);
        assertThat(batches).containsExactly(List.of("a"), List.of("b", "c"), List.of("d"));
    }

    @Test
    void aBatchIsBoundedByTheWeightOfItsItems() {
        Batcher<String> batcher = new Batcher<>(10, 5L, String::length, this::begin);
        subscribe(batcher.submit("a"));
        List.of("bb", "ccc", "d", "heavier than all", "e").forEach(item -> subscribe(batcher.submit(item)));
        for (int batch = 0; batch < 5; batch++) {
            ends.get(batch).complete(null);
        }
        assertThat(batches)
                .containsExactly(
                        List.of("a"), List.of("bb", "ccc"), List.of("d"), List.of("heavier than all"), List.of("e"));
    }

    @Test
    void aFullWaitingRoomRefusesAtOnce() {
        Batcher<String> batcher = batcher(1, 10);
        subscribe(batcher.submit("running"));
        subscribe(batcher.submit("waiting"));
        subscribe(batcher.submit("too many")).assertFailedWith(FullException.class);
        ends.get(0).complete(null);
        assertThat(batches).containsExactly(List.of("running"), List.of("waiting"));
    }

    @Test
    void aWriterThatThrowsFailsItsBatchOnly() {
        Batcher<String> batcher = new Batcher<>(10, 10, items -> {
            if (items.contains("bad")) {
                throw new IllegalArgumentException("bad");
            }
            return Uni.createFrom().voidItem();
        });
        subscribe(batcher.submit("bad")).assertFailedWith(IllegalArgumentException.class);
        subscribe(batcher.submit("good")).assertCompleted();
    }

    private Batcher<String> batcher(int capacity, int maxBatch) {
        return new Batcher<>(capacity, maxBatch, this::begin);
    }

    private Uni<Void> begin(List<String> items) {
        batches.add(items);
        return Uni.createFrom().emitter(ends::add);
    }

    private static UniAssertSubscriber<Void> subscribe(Uni<Void> uni) {
        return uni.subscribe().withSubscriber(UniAssertSubscriber.create());
    }
}
