package dev.ganymede.collab.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.ganymede.collab.GatewayProcess.HealthAnswer;
import dev.ganymede.id.Endpoint;
import dev.ganymede.id.Generation;
import dev.ganymede.id.OrganizationId;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class HealthProbeTest {

    private static final Duration ENOUGH = Duration.ofSeconds(10);
    private static final Duration SHORT = Duration.ofMillis(200);
    private static final String ORGANIZATION = "0b0e5bd1-43a4-4a0e-9c11-6a4e6a3b1f11";

    private final Vertx vertx = Vertx.vertx();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Set<InetSocketAddress> callers = ConcurrentHashMap.newKeySet();
    private final HealthProbe probe = new HealthProbe(vertx, new Limits(2));
    private HttpServer server;
    private volatile String answer =
            "{\"state\":\"ready\",\"organization_id\":null,\"generation\":null,\"connections\":0}";
    private volatile int status = 200;

    private record Limits(int probes) implements CollabConfig {

        @Override
        public int starts() {
            return 1;
        }

        @Override
        public int probesWaiting() {
            return 100;
        }
    }

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/health", this::answer);
        server.setExecutor(threads);
        server.start();
    }

    @AfterEach
    void end() {
        server.stop(0);
        threads.shutdownNow();
        vertx.closeAndAwait();
    }

    private void answer(HttpExchange exchange) throws IOException {
        callers.add(exchange.getRemoteAddress());
        byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Test
    void readsWhomItServes() {
        answer = "{\"state\":\"serving\",\"organization_id\":\"%s\",\"generation\":7,\"connections\":3,\"rooms\":1}"
                .formatted(ORGANIZATION);

        assertThat(ask(ENOUGH))
                .isEqualTo(new HealthAnswer.Healthy(
                        "serving", Optional.of(OrganizationId.parse(ORGANIZATION)), Optional.of(new Generation(7)), 3));
    }

    @Test
    void oneConnectionServesManyProbes() {
        for (int round = 0; round < 5; round++) {
            assertThat(ask(ENOUGH)).isEqualTo(new HealthAnswer.Healthy("ready", Optional.empty(), Optional.empty(), 0));
        }

        assertThat(callers).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<html>",
                "",
                "[]",
                "{}",
                "{\"state\":1}",
                "{\"state\":\"serving\",\"organization_id\":\"../etc\"}",
                "{\"state\":\"serving\",\"generation\":-1}"
            })
    void nonsenseIsAMiss(String nonsense) {
        answer = nonsense;

        assertThat(ask(ENOUGH)).isInstanceOf(HealthAnswer.Missed.class);
    }

    @Test
    void anErrorOrAnEndlessAnswerIsAMiss() {
        answer = "{\"state\":\"" + "x".repeat(70_000) + "\"}";
        assertThat(ask(ENOUGH)).isEqualTo(new HealthAnswer.Missed("/health answered more than 65536 bytes"));

        status = 503;
        assertThat(ask(ENOUGH)).isEqualTo(new HealthAnswer.Missed("/health answered 503"));
    }

    @Test
    void nobodyThereIsAMiss() {
        server.stop(0);

        assertThat(ask(ENOUGH)).isInstanceOfSatisfying(HealthAnswer.Missed.class, missed -> assertThat(missed.reason())
                .startsWith("/health could not be asked"));
    }

    @Test
    void gatewaysThatHangDelayTheOthersButDontMakeThemMiss() throws IOException {
        try (ServerSocket hanging = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Uni<HealthAnswer> hung = probe.of(new Endpoint("127.0.0.1", hanging.getLocalPort()), SHORT);

            List<HealthAnswer> answers = Uni.join()
                    .all(hung, hung, hung, hung, probe.of(endpoint(), ENOUGH))
                    .andFailFast()
                    .await()
                    .atMost(ENOUGH);

            assertThat(answers.subList(0, 4))
                    .containsOnly(new HealthAnswer.Missed("/health gave no answer within 200 ms"));
            assertThat(answers.get(4)).isInstanceOf(HealthAnswer.Healthy.class);
        }
    }

    private HealthAnswer ask(Duration timeout) {
        return probe.of(endpoint(), timeout).await().atMost(ENOUGH.multipliedBy(2));
    }

    private Endpoint endpoint() {
        return new Endpoint("127.0.0.1", server.getAddress().getPort());
    }
}
