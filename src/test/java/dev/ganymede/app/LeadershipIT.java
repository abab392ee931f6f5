package dev.ganymede.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ganymede.gateway.ProcessMark;
import dev.ganymede.world.Sql;
import io.vertx.mutiny.core.Vertx;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Candidates on one real PostgreSQL: exactly one leads, and another one takes over however it is lost. */
class LeadershipIT {

    private static final Duration SECONDS = Duration.ofSeconds(15);
    private static final String HOLDERS =
            "select pid from pg_locks where locktype = 'advisory' and granted and classid = x'47414E59'::int::oid"
                    + " and objid = x'4D454445'::int::oid and objsubid = 1";

    private static EmbeddedPostgres postgres;
    private static Vertx vertx;
    private static Sql sql;

    private final List<Candidate> candidates = new ArrayList<>();
    private final AtomicInteger leading = new AtomicInteger();
    private final AtomicInteger mostAtOnce = new AtomicInteger();

    @BeforeAll
    static void run() throws IOException {
        postgres = EmbeddedPostgres.builder().start();
        sql = new Sql(postgres.getPostgresDatabase());
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void end() throws IOException {
        vertx.closeAndAwait();
        postgres.close();
    }

    @AfterEach
    void nobodyStays() {
        candidates.forEach(candidate -> candidate.leadership.resign());
        await().atMost(SECONDS).until(() -> sql.column(HOLDERS).isEmpty());
    }

    @Test
    void aSingleOneLeads() {
        Candidate only = candidate(postgres.getPort());
        await().atMost(SECONDS).until(only.leadership::leads);
        assertThat(sql.column(HOLDERS)).hasSize(1);
        assertThat(only.begun).hasValue(1);
    }

    @Test
    void ofSeveralExactlyOneLeads() {
        for (int i = 0; i < 4; i++) {
            candidate(postgres.getPort());
        }
        leader();
        // two more turns of everybody
        await().pollDelay(Duration.ofSeconds(2)).until(() -> sql.column(HOLDERS).size() == 1);
        assertThat(leading).hasValue(1);
        assertThat(mostAtOnce).hasValue(1);
    }

    @Test
    void whoResignsIsFollowedByAnother() {
        Candidate first = candidate(postgres.getPort());
        await().atMost(SECONDS).until(first.leadership::leads);
        Candidate second = candidate(postgres.getPort());
        first.leadership.resign();
        assertThat(first.leadership.leads()).isFalse();
        await().atMost(SECONDS).until(second.leadership::leads);
        assertThat(first.ended).hasValue(1);
        assertThat(mostAtOnce).hasValue(1);
    }

    @Test
    void whoseConnectionIsCutStopsLeadingAndSomebodyLeadsAgain() {
        Candidate first = candidate(postgres.getPort());
        await().atMost(SECONDS).until(first.leadership::leads);
        candidate(postgres.getPort());
        sql.value("select pg_terminate_backend(" + sql.value(HOLDERS) + ")");
        await().atMost(SECONDS).until(() -> first.ended.get() == 1);
        leader();
        assertThat(mostAtOnce).hasValue(1);
    }

    @Test
    void whoVanishesFromTheNetworkIsFollowedByAnotherAndKnowsIt() throws IOException {
        try (Wire wire = new Wire(postgres.getPort())) {
            Candidate first = candidate(wire.port());
            await().atMost(SECONDS).until(first.leadership::leads);
            Candidate second = candidate(postgres.getPort());
            wire.freeze();
            await().atMost(SECONDS).until(() -> first.ended.get() == 1);
            assertThat(first.leadership.leads()).isFalse();
            await().atMost(SECONDS).until(second.leadership::leads);
            wire.thaw();
            await().pollDelay(Duration.ofSeconds(3)).atMost(SECONDS).until(second.leadership::leads);
            assertThat(first.leadership.leads()).isFalse();
        }
        assertThat(mostAtOnce).hasValue(1);
    }

    @Test
    void theLeaderHearsWhatOthersHaveChanged() throws Exception {
        Candidate first = candidate(postgres.getPort());
        await().atMost(SECONDS).until(first.leadership::leads);
        Candidate second = candidate(postgres.getPort());
        sql.execute("notify " + LeaderSession.CHANNEL + ", 'a test'");
        await().atMost(SECONDS).until(() -> first.signalled.get() == 1);
        assertThat(second.signalled).hasValue(0);
    }

    private Candidate leader() {
        return await().atMost(SECONDS)
                .until(
                        () -> candidates.stream()
                                .filter(candidate -> candidate.leadership.leads())
                                .findFirst(),
                        java.util.Optional::isPresent)
                .orElseThrow();
    }

    private Candidate candidate(int port) {
        Candidate candidate = new Candidate(new Leadership(
                vertx,
                new DatabaseAddress("postgresql://127.0.0.1:" + port + "/postgres", "postgres", "postgres"),
                new ProcessMark()));
        candidates.add(candidate);
        candidate.leadership.campaign(candidate);
        return candidate;
    }

    private final class Candidate implements Duties {

        private final Leadership leadership;
        private final AtomicInteger begun = new AtomicInteger();
        private final AtomicInteger ended = new AtomicInteger();
        private final AtomicInteger signalled = new AtomicInteger();

        Candidate(Leadership leadership) {
            this.leadership = leadership;
        }

        @Override
        public void begin() {
            begun.incrementAndGet();
            mostAtOnce.accumulateAndGet(leading.incrementAndGet(), Math::max);
        }

        @Override
        public void end() {
            ended.incrementAndGet();
            leading.decrementAndGet();
        }

        @Override
        public void signalled() {
            signalled.incrementAndGet();
        }
    }
}
