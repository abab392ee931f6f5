package dev.ganymede.container.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ganymede.container.ContainerRuntimeException;
import dev.ganymede.container.GatewayConfigs;
import dev.ganymede.id.Domain;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class EnginePingTest {

    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK";

    @TempDir
    Path directory;

    @Test
    void anEngineThatAnswersLives() throws IOException {
        try (ScriptedEngine engine = engine(OK);
                EnginePing ping = new EnginePing(config(engine, Map.of()), LIMIT)) {
            get(ping.ping());
            get(ping.ping());
            assertThat(engine.requests()).isEqualTo(2);
        }
    }

    @Test
    void anEngineThatHangsIsGivenUpSoonAndAskedAgain() throws IOException {
        try (ScriptedEngine engine = engine("");
                EnginePing ping = new EnginePing(config(engine, Map.of()), SHORT)) {
            for (int round = 0; round < 3; round++) {
                assertThatThrownBy(() -> get(ping.ping()))
                        .isInstanceOf(ContainerRuntimeException.class)
                        .hasMessageStartingWith("could not reach the Docker engine");
            }
        }
    }

    @Test
    void whoeverAsksMeanwhileSharesTheAnswer() throws IOException {
        try (ScriptedEngine engine = engine("");
                EnginePing ping = new EnginePing(config(engine, Map.of()), LIMIT)) {
            Cancellable left = ping.ping().subscribe().with(ignored -> {}, ignored -> {});
            List<CompletableFuture<Void>> asking = Stream.generate(
                            () -> ping.ping().subscribeAsCompletionStage())
                    .limit(50)
                    .toList();
            await().until(() -> engine.requests() > 0);
            left.cancel();
            engine.end();

            asking.forEach(answer -> assertThat(answer)
                    .failsWithin(LIMIT)
                    .withThrowableThat()
                    .withCauseInstanceOf(ContainerRuntimeException.class));
            assertThat(engine.requests()).isEqualTo(1);
        }
    }

    /** Each takes a thread and a caller's place, were it a call like the others; and, left early, it would count as a success. */
    @Test
    void pingsThatAreLeftNeitherCloseTheCircuitNorTakeAThreadOfOtherCalls() throws IOException {
        try (ScriptedEngine engine = engine("")) {
            DockerContainerRuntime runtime = new DockerContainerRuntime(
                    config(
                            engine,
                            Map.of(
                                    "request-timeout", "0.2S",
                                    "threads", "1",
                                    "circuit.calls", "2",
                                    "circuit.failure-ratio", "1",
                                    "circuit.delay", "60S")),
                    GatewayConfigs.with(Map.of()),
                    Settings.gateway(),
                    "test",
                    new Domain("it.local"));
            try {
                for (int call = 0; call < 2; call++) {
                    for (int ping = 0; ping < 5; ping++) {
                        runtime.ping().subscribe().with(ignored -> {}).cancel();
                    }
                    assertThatThrownBy(() -> get(runtime.inventory())).isInstanceOf(ContainerRuntimeException.class);
                }

                assertThatThrownBy(() -> get(runtime.inventory()))
                        .hasMessageContaining("did not answer the last calls");
            } finally {
                runtime.close();
            }
        }
    }

    @Test
    void anOpenCircuitDoesNotKeepThePingFromTheTruth() throws IOException {
        ScriptedEngine hanging = engine("");
        DockerContainerRuntime runtime = new DockerContainerRuntime(
                config(
                        hanging,
                        Map.of(
                                "request-timeout", "0.2S",
                                "circuit.calls", "2",
                                "circuit.delay", "60S")),
                GatewayConfigs.with(Map.of()),
                Settings.gateway(),
                "test",
                new Domain("it.local"));
        try {
            for (int call = 0; call < 3; call++) {
                assertThatThrownBy(() -> get(runtime.inventory())).isInstanceOf(ContainerRuntimeException.class);
            }
            hanging.end();
            try (ScriptedEngine well = engine(OK)) {
                get(runtime.ping());
                assertThat(well.requests()).isEqualTo(1);
                assertThatThrownBy(() -> get(runtime.inventory()))
                        .hasMessageContaining("did not answer the last calls");
            }
        } finally {
            runtime.close();
        }
    }

    private ScriptedEngine engine(String answer) throws IOException {
        return new ScriptedEngine(directory.resolve("engine.sock"), answer);
    }

    private static DockerConfig config(ScriptedEngine engine, Map<String, String> overrides) {
        Map<String, String> values = new HashMap<>(overrides);
        values.put("host", engine.uri().toString());
        return Settings.with(values);
    }

    private static <T> T get(Uni<T> call) {
        return call.await().atMost(LIMIT);
    }
}
