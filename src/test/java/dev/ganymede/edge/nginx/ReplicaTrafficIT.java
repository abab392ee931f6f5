package dev.ganymede.edge.nginx;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two processes of Ganymede behind one name. */
class ReplicaTrafficIT {

    private static final String GANYMEDE = "ganymede.edge.test";

    @TempDir
    Path root;

    private final Vertx vertx = Vertx.vertx();
    private final Gateway one = new Gateway(vertx);
    private final Gateway two = new Gateway(vertx);
    private LocalEdge local;
    private Visitor visitor;

    @BeforeEach
    void start() throws Exception {
        local = new LocalEdge(root, one.endpoint(), two.endpoint());
        local.routes().ensure().await().atMost(Duration.ofSeconds(20));
        local.start();
        visitor = new Visitor(vertx, local.settings, local.certificates.rootPem());
    }

    @AfterEach
    void stop() {
        local.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void bothAnswerAndADeadOneCostsNobodyAnAnswer() {
        Set<String> answering = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            answering.add(visitor.get(GANYMEDE, "/").json().getString("gateway"));
        }
        assertThat(answering)
                .containsExactlyInAnyOrder(
                        one.endpoint().authority(), two.endpoint().authority());

        one.close();
        for (int i = 0; i < 60; i++) {
            Visitor.Answer answer = i % 2 == 0 ? visitor.get(GANYMEDE, "/") : visitor.post(GANYMEDE, "/", "body");
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.json().getString("gateway"))
                    .isEqualTo(two.endpoint().authority());
        }
    }

    /** One takes the request and dies: a reading is repeated elsewhere, a writing is not, it may have been done. */
    @Test
    void whatWasSentIsRepeatedOnlyWhenThatIsHarmless() throws Exception {
        AtomicInteger posts = new AtomicInteger();
        one.close();
        var dying = vertx.createHttpServer()
                .requestHandler(request -> {
                    if (request.method().name().equals("POST")) {
                        posts.incrementAndGet();
                    }
                    request.connection().close();
                })
                .listen(one.endpoint().port(), "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(5, TimeUnit.SECONDS);

        for (int i = 0; i < 4; i++) {
            assertThat(visitor.get(GANYMEDE, "/").status()).isEqualTo(200);
        }
        int refused = 0;
        for (int i = 0; i < 400 && refused == 0; i++) {
            int served = visitor.post(GANYMEDE, "/", "body").status();
            refused += served == 502 ? 1 : 0;
        }
        assertThat(refused).isEqualTo(1);
        assertThat(posts).hasValue(1);
        dying.close();
    }
}
