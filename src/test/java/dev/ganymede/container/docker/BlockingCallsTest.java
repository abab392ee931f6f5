package dev.ganymede.container.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ganymede.container.ContainerRuntimeException;
import io.smallrye.mutiny.subscription.Cancellable;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class BlockingCallsTest {

    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final BlockingCalls calls = new BlockingCalls(1, 2, LIMIT);
    private final CountDownLatch release = new CountDownLatch(1);

    @AfterEach
    void end() {
        release.countDown();
        calls.close();
    }

    @Test
    void runsOnANamedThreadAndReturnsTheValue() {
        assertThat(calls.run("name", () -> Thread.currentThread().getName())
                        .await()
                        .atMost(LIMIT))
                .startsWith("docker-");
    }

    @Test
    void comesBackToTheCallersVertxContext() throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            Context context = vertx.getOrCreateContext();
            CompletableFuture<Context> resumedOn = new CompletableFuture<>();
            context.runOnContext(ignored -> calls.run("answer", () -> 42)
                    .subscribe()
                    .with(answer -> resumedOn.complete(Vertx.currentContext()), resumedOn::completeExceptionally));

            assertThat(resumedOn.get(5, TimeUnit.SECONDS)).isSameAs(context);
        } finally {
            vertx.close();
        }
    }

    @Test
    void everyFailureIsTheRuntimesAndSaysWhat() {
        assertThatThrownBy(() -> calls.run("list containers", () -> {
                            throw new IOException("broken pipe");
                        })
                        .await()
                        .atMost(LIMIT))
                .isInstanceOf(ContainerRuntimeException.class)
                .hasMessage("could not list containers")
                .hasRootCauseMessage("broken pipe");
    }

    @Test
    void aFullQueueFailsAtOnce() {
        occupy();
        occupy();
        occupy();

        assertThatThrownBy(() -> calls.run("be fourth", () -> 4).await().atMost(LIMIT))
                .isInstanceOf(ContainerRuntimeException.class)
                .hasMessage("could not be fourth");
    }

    @Test
    void whatWaitedTooLongIsNeverMade() {
        AtomicBoolean made = new AtomicBoolean();
        BlockingCalls impatient = new BlockingCalls(1, 1, Duration.ofNanos(1));

        CompletableFuture<Boolean> late =
                impatient.run("wait", () -> made.getAndSet(true)).subscribeAsCompletionStage();

        assertThat(late)
                .failsWithin(LIMIT)
                .withThrowableThat()
                .havingRootCause()
                .withMessageContaining("waited");
        assertThat(made).isFalse();
    }

    @Test
    void whatNobodyWaitsForIsNeverMade() {
        AtomicBoolean made = new AtomicBoolean();
        occupy();
        Cancellable waiting =
                calls.run("wait", () -> made.getAndSet(true)).subscribe().with(ignored -> {});

        waiting.cancel();
        release.countDown();

        assertThat(calls.run("follow", () -> true).await().atMost(LIMIT)).isTrue();
        assertThat(made).isFalse();
    }

    private void occupy() {
        calls.run("block", () -> release.await(5, TimeUnit.SECONDS)).subscribe().with(ignored -> {}, ignored -> {});
    }
}
