package dev.ganymede.container.docker;

import com.github.dockerjava.api.DockerClient;
import dev.ganymede.container.ContainerRuntimeException;
import dev.ganymede.flow.CallersContext;
import dev.ganymede.flow.SingleFlight;
import io.smallrye.mutiny.Uni;
import java.time.Duration;

/**
 * Asks the engine whether it lives: apart from all other calls, whatever happened to them, and without consequences for them.
 *
 * <p>Who asks leaves early, and a call that is left says nothing to a circuit breaker (ADR 10); so it has no breaker, and a thread of its own, which an engine that
 * hangs can take from nobody. One question is under way at a time, whoever else asks meanwhile gets its answer.
 */
final class EnginePing implements AutoCloseable {

    private static final String WHAT = "reach the Docker engine";

    private final DockerClient docker;
    private final Duration timeout;
    private final BlockingCalls calls;
    private final SingleFlight<String, Void> flight = new SingleFlight<>();

    /** @param timeout of one question, its answer included */
    EnginePing(DockerConfig config, Duration timeout) {
        this.docker = EngineClient.of(config, new EngineTransport(config.host(), config.connectTimeout(), timeout));
        this.timeout = timeout;
        this.calls = new BlockingCalls(1, 1, timeout);
    }

    Uni<Void> ping() {
        return CallersContext.resume(flight.join(WHAT, this::ask));
    }

    private Uni<Void> ask() {
        return calls.run(WHAT, () -> docker.pingCmd().exec())
                .ifNoItem()
                .after(timeout)
                .failWith(() -> new ContainerRuntimeException(
                        "could not " + WHAT + " within " + timeout.toMillis() + " ms", null));
    }

    @Override
    public void close() {
        calls.close();
    }
}
