package dev.ganymede.container.fixed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ganymede.container.ContainerEvent;
import dev.ganymede.container.ContainerId;
import dev.ganymede.container.ContainerRuntimeException;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An agent that does not do what it should. */
class AgentFailuresTest {

    private static final String EMPTY_LIST = "{\"containers\":[],\"foreign_names\":[]}";

    private final Vertx vertx = Vertx.vertx();
    private final AtomicInteger asked = new AtomicInteger();
    private volatile Consumer<HttpServerRequest> agent = request -> {};
    private Adapters adapters;
    private FixedContainerRuntime runtime;

    @BeforeEach
    void listen() throws Exception {
        HttpServer server = vertx.createHttpServer()
                .requestHandler(request -> {
                    asked.incrementAndGet();
                    agent.accept(request);
                })
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get();
        adapters = new Adapters("http://127.0.0.1:" + server.actualPort());
        runtime = adapters.with(Map.of("call-timeout", "0.3S", "events-wait", "0.2S"));
    }

    @AfterEach
    void close() throws Exception {
        adapters.close();
        vertx.close().toCompletionStage().toCompletableFuture().get();
    }

    @Test
    void silenceEndsInTime() {
        assertThatThrownBy(() -> get(runtime.remove(new ContainerId("x"))))
                .isInstanceOf(ContainerRuntimeException.class);
        assertThatThrownBy(() -> get(runtime.ping())).isInstanceOf(ContainerRuntimeException.class);
    }

    @Test
    void nonsenseIsItsFailure() {
        for (String body : List.of("", "[]", "{}", "{\"containers\":[{}],\"foreign_names\":[]}", "<html>")) {
            answer(200, body);
            assertThatThrownBy(() -> get(runtime.inventory())).isInstanceOf(ContainerRuntimeException.class);
        }
    }

    @Test
    void anEndlessAnswerIsNotRead() {
        agent = request -> {
            request.response().setChunked(true);
            // until the caller has hung up
            vertx.setPeriodic(1, timer -> {
                if (request.response().closed()) {
                    vertx.cancelTimer(timer);
                } else if (!request.response().writeQueueFull()) {
                    request.response().write(Buffer.buffer(new byte[1 << 20]));
                }
            });
        };
        FixedContainerRuntime patient = adapters.with(Map.of("call-timeout", "20S"));

        assertThatThrownBy(() -> get(patient.image("x"))).hasMessageContaining("bytes");
    }

    @Test
    void aRefusalIsAnAnswerAndIsNotRepeated() {
        answer(500, "{\"detail\":\"out\\n of order\"}");

        assertThatThrownBy(() -> get(runtime.remove(new ContainerId("x")))).hasMessageContaining("out of order");
        assertThat(asked).hasValue(1);
    }

    @Test
    void anAgentThatKeepsFailingIsLeftAloneButForPings() {
        agent = request -> request.connection().close();
        // as often as it takes: the pause after which it is tried again is short
        await().untilAsserted(() -> {
            int before = asked.get();
            assertThatThrownBy(() -> get(runtime.inventory())).hasMessageContaining("tried again soon");
            assertThat(asked).hasValue(before);
        });
        answer(204, "");
        get(runtime.ping());
        answer(200, EMPTY_LIST);
        await().until(() ->
                get(runtime.inventory().map(found -> true).onFailure().recoverWithItem(false)));
    }

    @Test
    void eventsBeginAnewAfterAGap() {
        List<ContainerEvent> heard = new CopyOnWriteArrayList<>();
        answer(200, "{\"last\":7,\"missed\":true,\"events\":[{\"what\":\"start\",\"container\":\"c\"}]}");
        Cancellable subscription = runtime.events().subscribe().with(heard::add);

        ContainerEvent started = new ContainerEvent.Changed(new ContainerId("c"), "start");
        await().until(() -> heard.size() >= 4);
        subscription.cancel();
        assertThat(heard).startsWith(new ContainerEvent.Resync(), started, new ContainerEvent.Resync(), started);
    }

    @Test
    void eventsBeginAnewAfterAFailure() {
        List<ContainerEvent> heard = new CopyOnWriteArrayList<>();
        answer(503, "{}");
        Cancellable subscription = runtime.events().subscribe().with(heard::add);
        await().until(() -> asked.get() > 1);
        assertThat(heard).isEmpty();

        answer(200, "{\"last\":7,\"missed\":false,\"events\":[]}");
        await().until(() -> heard.contains(new ContainerEvent.Resync()));
        subscription.cancel();
        assertThat(heard).hasSize(1);
    }

    private void answer(int status, String body) {
        agent = request -> request.response().setStatusCode(status).end(body);
    }

    private static <T> T get(Uni<T> work) {
        return work.await().atMost(Duration.ofSeconds(20));
    }
}
