package dev.ganymede.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Ganymede is dead for a while: who is served does not notice. */
@Order(1)
class OutageFaults {

    private static final int REQUESTS = 10_000;
    private static final int AT_ONCE = 16;

    private final World world = World.open();
    private final Map<String, Integer> answers = new ConcurrentHashMap<>();

    @AfterEach
    void rest() {
        world.rest();
    }

    @Test
    void servedOrganizationsDoNotNoticeThatGanymedeIsDown() throws Exception {
        List<Organization> organizations = world.organizations("outage", 3);
        try (Editors editors = Editors.on(world, organizations)) {
            world.invariants.await(World.GENEROUS);
            world.service.kill();
            ask(organizations);
            assertThat(world.api.get("/gateway/pool").said()).as("Ganymede").isEqualTo("no answer");
            assertThat(answers).as("answers through the edge").isEqualTo(Map.of("200", REQUESTS));
            assertThat(editors.disconnections()).as("WebSockets cut off").isZero();
            Duration restart = world.service.start();
            Duration converged = world.invariants.await(World.CONVERGENCE);
            Editors.Account account = editors.finish();
            assertThat(account.disconnections()).as("WebSockets cut off").isZero();
            world.figures.measure(
                    "while Ganymede was down",
                    REQUESTS + " requests, " + organizations.size() * 2 + " WebSockets with " + account.written()
                            + " edits: 0 failed, 0 cut off, " + account.lost() + " lost");
            world.figures.fault(
                    "Ganymede killed",
                    "the API: no answer; what is served: " + new TreeMap<>(answers),
                    "`envctl.sh status`: ganymede down",
                    "live after " + Times.seconds(restart) + ", converged " + Times.seconds(converged) + " later");
        }
    }

    private void ask(List<Organization> organizations) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(REQUESTS);
        AtomicInteger next = new AtomicInteger();
        for (int i = 0; i < AT_ONCE; i++) {
            askNext(organizations, next, done);
        }
        done.await();
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
