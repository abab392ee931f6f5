package dev.ganymede.container.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ganymede.container.ContainerEvent;
import dev.ganymede.container.ContainerId;
import dev.ganymede.id.GatewayId;
import dev.ganymede.id.LifeId;
import io.smallrye.mutiny.subscription.Cancellable;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The stream against engines that vanish, stay silent or talk nonsense; what a real one tells is in the contract. */
@Timeout(30)
class EventStreamTest {

    private static final Duration USUAL = Duration.ofSeconds(2);
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final String GATEWAY = "0b0e5bd1-43a4-4a0e-9c11-6a4e6a3b1f11";
    private static final String LIFE = "5b8f0c8e-1d50-4c52-8a8b-0c7f7a1f2d33";
    private static final String HEAD = "HTTP/1.1 200 OK\r\nDate: Sat, 01 Jan 2022 00:00:00 GMT\r\n\r\n";
    private static final ContainerEvent RESYNC = new ContainerEvent.Resync();

    @TempDir
    Path directory;

    private final List<ContainerEvent> heard = new CopyOnWriteArrayList<>();
    private ScriptedEngine engine;
    private EngineEvents events;
    private Cancellable subscription;

    @AfterEach
    void leave() throws IOException {
        subscription.cancel();
        events.close();
        if (engine != null) {
            engine.close();
        }
    }

    @Test
    void tellsWhatEndedAndSkipsWhatIsNotOurs() throws IOException {
        play(HEAD
                + event("die", "c1", "other")
                + event("die", "a1", "dev-001")
                + event("exec_create", "a1", "dev-001"));
        listen(LONG);

        await().until(() -> heard.size() == 2);
        assertThat(heard)
                .containsExactly(
                        RESYNC,
                        new ContainerEvent.Ended(
                                new ContainerId("a1"),
                                Optional.of(GatewayId.parse(GATEWAY)),
                                Optional.of(LifeId.parse(LIFE))));
    }

    @Test
    void anEngineThatComesLateIsFound() throws IOException {
        listen(LONG);
        assertThat(heard).isEmpty();

        play(HEAD + event("start", "a1", "dev-001"));

        await().until(() -> heard.contains(new ContainerEvent.Changed(new ContainerId("a1"), "start")));
        assertThat(heard.get(0)).isEqualTo(RESYNC);
    }

    @Test
    void anEngineThatEndsItsStreamIsAskedAgain() throws IOException {
        play("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n\n");
        listen(LONG);

        await().until(() -> heard.size() >= 2);
        assertThat(heard).containsOnly(RESYNC);
    }

    @Test
    void aSilentStreamIsNotTrustedForLong() throws IOException {
        play(HEAD);
        listen(Duration.ofMillis(100));

        await().until(() -> heard.size() >= 3);
        assertThat(heard).containsOnly(RESYNC);
    }

    @Test
    void nonsenseIsALostConnection() throws IOException {
        play(HEAD + "<html>\n");
        listen(LONG);

        await().until(() -> heard.size() >= 2);
        assertThat(heard).containsOnly(RESYNC);
    }

    @Test
    void whoLeavesEndsConnectionAndThread() throws IOException {
        play(HEAD);
        listen(LONG);
        await().until(() -> !heard.isEmpty());

        subscription.cancel();

        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("docker-events")));
    }

    private void listen(Duration maxAge) {
        URI uri = URI.create("unix://" + directory.resolve("engine.sock"));
        events = new EngineEvents(new EngineTransport(uri, USUAL, USUAL), new Labels("dev-001"), maxAge);
        subscription = events.subscribe().subscribe().with(heard::add);
    }

    private void play(String script) throws IOException {
        engine = new ScriptedEngine(directory.resolve("engine.sock"), script);
    }

    private static String event(String action, String id, String environment) {
        return """
            {"Type":"container","Action":"%s","Actor":{"ID":"%s","Attributes":{"dev.ganymede.environment":"%s",\
            "dev.ganymede.gateway":"%s","dev.ganymede.life":"%s","name":"gw-pool-0"}},"time":1}
            """
                .formatted(action, id, environment, GATEWAY, LIFE);
    }
}
