package dev.ganymede.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ganymede.world.Sql;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The sweep on a real PostgreSQL, with others at work between any two of its steps. */
class BlobSweepIT {

    private static final Duration GRACE = Duration.ofHours(1);
    private static final Duration SECONDS = Duration.ofSeconds(20);

    private static StoreDatabase database;
    private static Pool pool;
    private static Sql sql;

    private final FixedClock clock = new FixedClock(Instant.parse("2026-11-21T20:30:00Z"));
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final SnapshotConfig settings = new StoreSettings().snapshots();
    private final SweepRepository repository = new SweepRepository(pool);
    private final StoreFigures figures = new StoreFigures(pool, clock, metrics);
    private final BlobSweep sweep = new BlobSweep(repository, settings, clock, figures);
    private final BlobStore store = new BlobStore(pool, clock, settings);

    @BeforeAll
    static void run() {
        database = new StoreDatabase();
        pool = database.pool();
        sql = database.sql();
    }

    @AfterAll
    static void end() throws IOException {
        pool.closeAndAwait();
        database.close();
    }

    @BeforeEach
    void empty() throws SQLException {
        sql.execute("truncate organization, blob cascade");
    }

    @Test
    void whatNobodyRefersToGoesWhenItsGraceIsOver() {
        write("one");
        write("two".repeat(500_000));
        clock.advance(GRACE);
        assertThat(sweep()).as("not a moment before").isZero();
        clock.advance(Duration.ofMillis(1));
        assertThat(sweep()).isEqualTo(2);
        assertThat(sql.column("select 1 from blob union all select 1 from blob_chunk"))
                .isEmpty();
        assertThat(metrics.get("ganymede.snapshot.swept.blobs").counter().count())
                .isEqualTo(2);
        assertThat(metrics.get("ganymede.snapshot.swept").counter().count()).isEqualTo(1_500_003);
    }

    @Test
    void whatAVersionRefersToStaysForEver() throws SQLException {
        Sha256 kept = write("kept");
        write("left");
        refer(kept);
        clock.advance(Duration.ofDays(1_000));
        assertThat(sweep()).isOne();
        assertThat(sweep()).isZero();
        assertThat(blobs()).containsExactly(kept.hex());
    }

    @Test
    void aRenewedOneHasAllOfItsGraceAgain() {
        Sha256 blob = write("again");
        clock.advance(GRACE.plusSeconds(1));
        assertThat(await(store.renew(List.of(blob)))).containsExactly(blob);
        assertThat(sweep()).isZero();
        assertThat(await(store.renew(List.of(blob)))).containsExactly(blob);
    }

    @Test
    void whoRenewsBetweenLookAndDeleteKeepsIt() {
        Sha256 blob = write("late");
        clock.advance(GRACE.plusSeconds(1));
        assertThat(look()).containsExactly(blob);
        await(store.renew(List.of(blob)));
        assertThat(delete(blob)).isEmpty();
        assertThat(blobs()).containsExactly(blob.hex());
    }

    @Test
    void whoRefersBetweenLookAndDeleteKeepsItThoughHeForgotToRenew() throws SQLException {
        Sha256 blob = write("late");
        clock.advance(GRACE.plusSeconds(1));
        assertThat(look()).containsExactly(blob);
        refer(blob);
        assertThat(delete(blob)).isEmpty();
        assertThat(blobs()).containsExactly(blob.hex());
    }

    @Test
    void whatSomebodyRenewsRightNowIsPassedBy() throws SQLException {
        Sha256 blob = write("busy");
        clock.advance(GRACE.plusSeconds(1));
        try (Connection other = database.connection()) {
            execute(other, "update blob set used_at = '" + clock.instant() + "'");
            assertThat(sweep()).isZero();
            other.commit();
        }
        assertThat(blobs()).containsExactly(blob.hex());
        assertThat(sweep()).isZero();
    }

    @Test
    void whatSomebodyRefersToRightNowIsPassedBy() throws SQLException {
        Sha256 blob = write("busy");
        clock.advance(GRACE.plusSeconds(1));
        try (Connection other = database.connection()) {
            referOn(other, blob);
            assertThat(sweep()).isZero();
            other.commit();
        }
        assertThat(blobs()).containsExactly(blob.hex());
        assertThat(sweep()).isZero();
    }

    @Test
    void whoRenewsWhileItIsBeingDeletedIsToldThatItIsGone() throws SQLException {
        Sha256 blob = write("gone");
        clock.advance(GRACE.plusSeconds(1));
        try (Connection sweeping = database.connection()) {
            execute(sweeping, "delete from blob");
            var renewal = start(store.renew(List.of(blob)));
            whenSomebodyWaits();
            sweeping.commit();
            assertThat(renewal.join()).isEmpty();
        }
    }

    @Test
    void whoRenewsWhileItIsLockedAndSparedKeepsIt() throws SQLException {
        Sha256 blob = write("spared");
        clock.advance(GRACE.plusSeconds(1));
        try (Connection sweeping = database.connection()) {
            execute(sweeping, "select from blob for update");
            var renewal = start(store.renew(List.of(blob)));
            whenSomebodyWaits();
            sweeping.rollback();
            assertThat(renewal.join()).containsExactly(blob);
        }
        assertThat(sweep()).isZero();
    }

    @Test
    void whoWritesWhileItIsBeingDeletedWritesItAnew() throws SQLException {
        Blob content = Blob.of("again".getBytes(StandardCharsets.UTF_8));
        await(store.write(List.of(content)));
        clock.advance(GRACE.plusSeconds(1));
        try (Connection sweeping = database.connection()) {
            execute(sweeping, "delete from blob");
            var writing = start(store.write(List.of(content)));
            whenSomebodyWaits();
            sweeping.commit();
            writing.join();
        }
        assertThat(blobs()).containsExactly(content.sha256().hex());
        assertThat(sweep()).isZero();
    }

    @Test
    void whoRefersToWhatIsBeingDeletedIsRefused() throws SQLException {
        Sha256 blob = write("gone");
        try (Connection sweeping = database.connection()) {
            execute(sweeping, "delete from blob");
            var reference = CompletableFuture.runAsync(() -> {
                try {
                    refer(blob);
                } catch (SQLException refused) {
                    throw new IllegalStateException(refused);
                }
            });
            whenSomebodyWaits();
            sweeping.commit();
            assertThatThrownBy(reference::join).hasStackTraceContaining("snapshot_part_sha256_fkey");
        }
    }

    @Test
    void evenASweepThatForgotToLookIsRefused() throws SQLException {
        refer(write("kept"));
        assertThatThrownBy(() -> sql.execute("delete from blob")).hasMessageContaining("snapshot_part_sha256_fkey");
    }

    @Test
    void aShareIsBoundedAndTheNextGoesOnWhereItEnded() {
        await(store.write(IntStream.range(0, 1_200)
                .mapToObj(i -> Blob.of(("blob " + i).getBytes(StandardCharsets.UTF_8)))
                .toList()));
        clock.advance(GRACE.plusSeconds(1));
        assertThat(List.of(sweep(), sweep(), sweep(), sweep())).containsExactly(500, 500, 200, 0);
    }

    @Test
    void aWayThroughAllBlobsCountsThem() throws SQLException {
        refer(write("referred to"));
        write("left");
        sweep();
        assertThat(gauge("ganymede.snapshot.blobs")).isEqualTo(2);
        assertThat(gauge("ganymede.snapshot.stored")).isEqualTo(15);
        assertThat(gauge("ganymede.snapshot.unreferenced")).isEqualTo(4);
        await(figures.refresh());
        assertThat(gauge("ganymede.snapshot.versions")).isEqualTo(1);
        assertThat(gauge("ganymede.snapshot.damaged.blobs")).isZero();
        figures.forget();
        assertThat(gauge("ganymede.snapshot.blobs")).isZero();
    }

    @Test
    void theUpkeepGoesOnWhileThereIsMuchToRemove() {
        await(store.write(IntStream.range(0, 1_200)
                .mapToObj(i -> Blob.of(("blob " + i).getBytes(StandardCharsets.UTF_8)))
                .toList()));
        clock.advance(GRACE.plusSeconds(1));
        Retention retention =
                new Retention(new RetentionRepository(pool), new StoreSettings().retention(), settings, clock);
        await(new SnapshotUpkeep(retention, sweep, figures, clock).run());
        assertThat(blobs()).isEmpty();
    }

    private int sweep() {
        return await(sweep.run()).removed();
    }

    private double gauge(String name) {
        return metrics.get(name).gauge().value();
    }

    private Sha256 write(String content) {
        Blob blob = Blob.of(content.getBytes(StandardCharsets.UTF_8));
        await(store.write(List.of(blob)));
        return blob.sha256();
    }

    private List<Sha256> look() {
        return await(repository.look(new SweepRepository.Position(Instant.EPOCH, Sha256.of(new byte[32])), 10)).stream()
                .filter(seen -> !seen.referenced())
                .map(SweepRepository.Seen::sha256)
                .toList();
    }

    private List<Long> delete(Sha256 blob) {
        return await(repository.delete(List.of(blob), clock.instant().minus(GRACE)));
    }

    private void refer(Sha256 blob) throws SQLException {
        try (Connection connection = database.connection()) {
            referOn(connection, blob);
            connection.commit();
        }
    }

    /** As whoever adds a version does. */
    private void referOn(Connection connection, Sha256 blob) throws SQLException {
        UUID organization = UUID.randomUUID();
        execute(connection, "insert into organization values ('" + organization + "', 'o', 0, now())");
        execute(
                connection,
                """
                insert into snapshot (organization_id, version, lineage, kind, taken_at, confirmed_at, stored_at, digest, size_bytes)
                values ('%s', 1, 0, 'PUSH', now(), now(), now(), sha256('x'), 1)"""
                        .formatted(organization));
        execute(
                connection,
                """
                insert into snapshot_part (organization_id, version, position, sha256, changed_at)
                values ('%s', 1, 0, '\\x%s', now())"""
                        .formatted(organization, blob.hex()));
    }

    private static void execute(Connection connection, String command) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(command);
        }
    }

    private static List<String> blobs() {
        return sql.column("select encode(sha256, 'hex') from blob");
    }

    private static void whenSomebodyWaits() {
        Awaitility.await().atMost(SECONDS).until(() -> !sql.column("select 1 from pg_locks where not granted")
                .isEmpty());
    }

    private static <T> CompletableFuture<T> start(Uni<T> work) {
        return work.subscribeAsCompletionStage();
    }

    private static <T> T await(Uni<T> work) {
        return work.await().atMost(SECONDS);
    }
}
