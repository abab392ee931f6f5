package dev.ganymede.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.smallrye.faulttolerance.api.CircuitBreakerState;
import io.smallrye.faulttolerance.api.Guard;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;
import org.eclipse.microprofile.faulttolerance.exceptions.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class GuardedTest {

    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final AtomicInteger cancelled = new AtomicInteger();
    private final AtomicInteger begun = new AtomicInteger();

    @Test
    void nothingBeginsBeforeSomebodySubscribes() {
        Uni<Integer> call = Guarded.call(Guard.create().build(), this::answer);
        assertThat(begun).hasValue(0);

        assertThat(call.await().atMost(LIMIT)).isEqualTo(1);
        assertThat(call.await().atMost(LIMIT)).isEqualTo(2);
    }

    @Test
    void whatTakesTooLongIsCancelled() {
        Guard impatient = Guard.create()
                .withTimeout()
                .duration(20, ChronoUnit.MILLIS)
                .done()
                .build();

        assertThatThrownBy(() -> Guarded.call(impatient, this::never).await().atMost(LIMIT))
                .isInstanceOf(TimeoutException.class);
        await().untilAtomic(cancelled, org.hamcrest.Matchers.is(1));
    }

    @Test
    void whoeverLeavesEndsTheWorkAndGivesItsPlaceBack() {
        Guard one = Guard.create().withBulkhead().limit(1).queueSize(1).done().build();
        Cancellable caller = Guarded.call(one, this::never).subscribe().with(ignored -> {});

        caller.cancel();

        assertThat(cancelled).hasValue(1);
        assertThat(Guarded.call(one, this::answer).await().atMost(LIMIT)).isEqualTo(2);
    }

    @Test
    void aFailureIsTriedAgainAndTheOutcomeComesBackOnTheCallersContext() throws Exception {
        Guard retrying = Guard.create()
                .withRetry()
                .maxRetries(2)
                .delay(1, ChronoUnit.MILLIS)
                .done()
                .build();
        Vertx vertx = Vertx.vertx();
        try {
            Context context = vertx.getOrCreateContext();
            CompletableFuture<Context> resumedOn = new CompletableFuture<>();
            context.runOnContext(ignored -> Guarded.call(retrying, () -> failUntil(3))
                    .subscribe()
                    .with(done -> resumedOn.complete(Vertx.currentContext()), resumedOn::completeExceptionally));

            assertThat(resumedOn.get(5, TimeUnit.SECONDS)).isSameAs(context);
            assertThat(begun).hasValue(3);
        } finally {
            vertx.close();
        }
    }

    @Test
    void anOpenCircuitSaysSoAndClosesAgainByTimeAndSuccess() {
        Circuit circuit = new Circuit("the test");
        Guard guard = Guard.create()
                .withCircuitBreaker()
                .requestVolumeThreshold(2)
                .failureRatio(1)
                .delay(200, ChronoUnit.MILLIS)
                .successThreshold(1)
                .onStateChange(circuit)
                .done()
                .build();
        for (int call = 0; call < 2; call++) {
            assertThatThrownBy(() ->
                            Guarded.call(guard, () -> failUntil(3)).await().atMost(LIMIT))
                    .isInstanceOf(UncheckedIOException.class);
        }
        assertThatThrownBy(() -> Guarded.call(guard, this::answer).await().atMost(LIMIT))
                .isInstanceOf(CircuitBreakerOpenException.class);
        assertThat(circuit.isOpen()).isTrue();

        await().atMost(LIMIT).until(() -> !circuit.isOpen());
        assertThat(Guarded.call(guard, this::answer).await().atMost(LIMIT)).isEqualTo(3);
        assertThat(circuit.isOpen()).isFalse();
    }

    @Test
    void aHalfOpenCircuitIsNotOpen() {
        Circuit circuit = new Circuit("the test");
        circuit.accept(CircuitBreakerState.OPEN);
        circuit.accept(CircuitBreakerState.HALF_OPEN);
        assertThat(circuit.isOpen()).isFalse();
    }

    private Uni<Integer> answer() {
        return Uni.createFrom().item(begun::incrementAndGet);
    }

    private Uni<Integer> never() {
        return Uni.createFrom().emitter(emitter -> {
            begun.incrementAndGet();
            emitter.onTermination(cancelled::incrementAndGet);
        });
    }

    private Uni<Integer> failUntil(int attempt) {
        return answer().invoke(number -> {
                    if (number < attempt) {
                        throw new UncheckedIOException(new IOException("attempt " + number));
                    }
                })
                .onItem()
                .delayIt()
                .by(Duration.ofMillis(1));
    }
}
