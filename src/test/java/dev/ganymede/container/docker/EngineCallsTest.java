package dev.ganymede.container.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.github.dockerjava.api.exception.ConflictException;
import dev.ganymede.container.ContainerRuntimeException;
import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class EngineCallsTest {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final AtomicInteger made = new AtomicInteger();
    private final CountDownLatch release = new CountDownLatch(1);
    private final EngineCalls calls = new EngineCalls(Settings.with(
            Map.of("retry-delay", "0.001S", "call-timeout", "0.5S", "circuit.delay", "0.3S", "circuit.calls", "4")));

    @AfterEach
    void end() {
        release.countDown();
        calls.close();
    }

    @Test
    void whatMayBeRepeatedIsTriedAgain() {
        assertThat(get(calls.repeatable("list", () -> {
                    if (made.incrementAndGet() < 3) {
                        throw new UncheckedIOException(new ConnectException("refused"));
                    }
                    return "listed";
                })))
                .isEqualTo("listed");
    }

    @Test
    void whatMustNotBeRepeatedIsMadeOnce() {
        assertThatThrownBy(() -> get(calls.once("create", failing(new ConnectException("refused")))))
                .isInstanceOf(ContainerRuntimeException.class)
                .hasMessage("could not create");
        assertThat(made).hasValue(1);
    }

    @Test
    void aLongSilenceIsNotRepeated() {
        assertThatThrownBy(() -> get(calls.repeatable("list", failing(new SocketTimeoutException("silent")))))
                .isInstanceOf(ContainerRuntimeException.class);
        assertThat(made).hasValue(1);
    }

    @Test
    void anEngineThatIsAwayIsNotAskedUntilItIsTriedAgain() {
        for (int call = 0; call < 4; call++) {
            assertThatThrownBy(() -> get(calls.once("create", failing(new ConnectException("refused")))))
                    .isInstanceOf(ContainerRuntimeException.class);
        }

        assertThatThrownBy(() -> get(calls.repeatable("list", failing(new ConnectException("refused")))))
                .isInstanceOf(ContainerRuntimeException.class)
                .hasMessageContaining("could not list")
                .hasMessageContaining("did not answer the last calls (refused)");
        assertThat(made).hasValue(4);
        await().atMost(LIMIT).ignoreExceptions().until(() -> get(calls.once("list", () -> "listed"))
                .equals("listed"));
        assertThat(get(calls.once("list", () -> "again"))).isEqualTo("again");
    }

    @Test
    void refusalsSayThatTheEngineIsWell() {
        for (int call = 0; call < 20; call++) {
            assertThatThrownBy(() -> get(calls.once("stop", () -> {
                        made.incrementAndGet();
                        throw new ConflictException("is not running");
                    })))
                    .hasRootCauseInstanceOf(ConflictException.class);
        }

        assertThat(made).hasValue(20);
    }

    @Test
    void aCallThatTakesTooLongIsGivenUp() {
        assertThatThrownBy(
                        () -> get(calls.once("wait", () -> release.await(20, java.util.concurrent.TimeUnit.SECONDS))))
                .isInstanceOf(ContainerRuntimeException.class)
                .hasMessageContaining("could not wait within");
    }

    private Callable<Void> failing(IOException failure) {
        return () -> {
            made.incrementAndGet();
            throw new UncheckedIOException(failure);
        };
    }

    private static <T> T get(Uni<T> call) {
        return call.await().atMost(LIMIT);
    }
}
