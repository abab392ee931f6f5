package dev.ganymede.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Ganymede is dead for a while: who is served does not notice. */
@Order(1)
class OutageFaults {

    private static final int REQUESTS = 10_000;
    private static final int AT_ONCE = 16;
    private static final int WEBSOCKETS_EACH = 10;

    private final World world = World.open();
    private final Map<String, Integer> answers = new ConcurrentHashMap<>();
    private final AtomicInteger closed = new AtomicInteger();
    private final AtomicInteger pings = new AtomicInteger();
    private final AtomicInteger pongs = new AtomicInteger();

    @AfterEach
    void rest() {
        world.rest();
    }

    @Test
    void servedOrganizationsDoNotNoticeThatGanymedeIsDown() throws Exception {
        List<Organization> organizations = world.organizations("outage", 3);
        organizations.forEach(each -> world.serve(each.id()));
        List<WebSocket> webSockets = open(organizations);
        world.service.kill();
        ask(organizations, webSockets);
        assertThat(answers).as("answers through the edge").isEqualTo(Map.of("200", REQUESTS));
        org.awaitility.Awaitility.await("every ping is answered")
                .atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(pongs.get()).isEqualTo(pings.get()));
        assertThat(closed.get()).as("WebSockets that were closed").isZero();
        assertThat(world.api.get("/gateway/pool").status())
                .as("Ganymede is down")
                .isZero();
        Duration restart = world.service.start();
        Duration converged = world.invariants.await(World.CONVERGENCE);
        assertThat(closed.get()).as("WebSockets closed by the return").isZero();
        webSockets.forEach(WebSocket::close);
        world.figures.measure(
                "while Ganymede was down",
                REQUESTS + " requests and " + pings + " exchanges on " + webSockets.size() + " WebSockets, 0 failed");
        world.figures.fault(
                "Ganymede killed",
                "the API: no answer; everything that is served: " + new TreeMap<>(answers),
                "`envctl.sh status`: ganymede down",
                "live after " + Times.seconds(restart) + ", converged after " + Times.seconds(converged));
    }

    private List<WebSocket> open(List<Organization> organizations) {
        List<WebSocket> open = new ArrayList<>();
        for (Organization organization : organizations) {
            String token = organization.accessToken(world.api);
            for (int i = 0; i < WEBSOCKETS_EACH; i++) {
                WebSocket webSocket = world.edge.open(organization.id(), token);
                webSocket.closeHandler(gone -> closed.incrementAndGet());
                webSocket.pongHandler(pong -> pongs.incrementAndGet());
                open.add(webSocket);
            }
        }
        return open;
    }

    /** Some at a time; now and then every WebSocket is asked for a sign of life, too. */
    private void ask(List<Organization> organizations, List<WebSocket> webSockets) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(REQUESTS);
        AtomicInteger next = new AtomicInteger();
        for (int i = 0; i < AT_ONCE; i++) {
            askNext(organizations, next, done);
        }
        while (!done.await(100, TimeUnit.MILLISECONDS)) {
            webSockets.forEach(webSocket -> {
                pings.incrementAndGet();
                webSocket.writePing(Buffer.buffer("?"));
            });
        }
    }

    private void askNext(List<Organization> organizations, AtomicInteger next, CountDownLatch done) {
        int number = next.getAndIncrement();
        if (number < REQUESTS) {
            world.edge
                    .health(organizations.get(number % organizations.size()).id())
                    .onSuccess(answer -> {
                        answers.merge(String.valueOf(answer.status()), 1, Integer::sum);
                        askNext(organizations, next, done);
                        done.countDown();
                    });
        }
    }
}
