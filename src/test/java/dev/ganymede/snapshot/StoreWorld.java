package dev.ganymede.snapshot;

import dev.ganymede.id.GatewayId;
import dev.ganymede.id.OrganizationId;
import dev.ganymede.organization.EveryOrganization;
import dev.ganymede.organization.OrganizationRepository;
import dev.ganymede.secret.SecretHash;
import dev.ganymede.snapshot.CloneInto.Cloned;
import dev.ganymede.timeline.SilentTimeline;
import dev.ganymede.world.FixedClock;
import dev.ganymede.world.Sql;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/** The store's own classes on a real PostgreSQL, put together as the service does, without HTTP; the clock stands still until it is moved. */
final class StoreWorld implements Closeable {

    static final Instant BEGIN = Instant.parse("2026-11-21T20:30:00Z");
    static final Duration PATIENCE = Duration.ofSeconds(30);

    final StoreDatabase database = new StoreDatabase();
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final SnapshotConfig settings = new StoreSettings().snapshots();
    final Pool pool = database.pool();
    private final CuttingProxy proxy;
    final Sql sql = database.sql();
    FixedClock clock;
    private Side direct;
    private VersionReader versions;
    private Manifests manifests;
    private Restore restore;
    private CloneInto clone;
    private Retention retention;
    private BlobSweep sweep;

    StoreWorld() {
        try {
            proxy = new CuttingProxy(database.port());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** What takes pushes in, over one way to the database. */
    private final class Side {

        private final BlobStore blobs;
        private final KnownBlobs known;
        private final SnapshotCommit commit;

        private Side(Pool pool) {
            blobs = new BlobStore(pool, clock, settings);
            known = new KnownBlobs(pool, blobs);
            commit = new SnapshotCommit(pool, clock, settings, new VersionWriter(clock), Duration.ofMinutes(10));
        }

        /** Everything before the transaction. */
        private ReceivedPush receive(byte[] body) {
            try (BlobPipe pipe = new BlobPipe(blobs, new MemoryBudget(settings), new PushMetrics(metrics), arrival(0));
                    BlobIntake intake = new BlobIntake(Path.of(System.getProperty("java.io.tmpdir")), pipe::add)) {
                ReceivedPush received = PushReader.read(new ByteArrayInputStream(body), intake);
                pipe.finish();
                return received;
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }

        private Arrival arrival(long ticket) {
            return Arrival.now(ticket, PATIENCE, settings.quotaBytes());
        }

        private PushResult commit(SecretHash token, ReceivedPush received, long arrival) {
            return await(known.of(received.organization(), received.references())
                            .map(sizes -> Pushes.push(received, sizes, arrival(arrival)))
                            .chain(push -> commit.push(token, push)))
                    .orElseThrow(() -> new IllegalStateException("the allocation is dead"));
        }
    }

    /** A new, empty store. */
    void reset() {
        clock = new FixedClock(BEGIN);
        execute("truncate organization, blob cascade");
        direct = new Side(pool);
        manifests = new Manifests(pool);
        versions = new VersionReader(
                manifests, new BlobReader(pool), new Damage(pool, clock, new SilentTimeline(clock), metrics));
        VersionWriter writer = new VersionWriter(clock);
        Turns turns = new Turns(new StoreSettings().mapping(PullConfig.class));
        OrganizationRepository organizations = new EveryOrganization();
        // none of these organizations has a gateway that the pool knows of: nothing is to be told
        restore = new Restore(pool, organizations, manifests, versions, turns, writer, new SilentTimeline(clock), null);
        clone = new CloneInto(pool, organizations, manifests, versions, turns, writer, clock);
        retention = retention(pool, clock);
        sweep = sweep(pool, clock, figures(pool, clock));
    }

    private static Retention retention(Pool pool, Clock clock) {
        StoreSettings settings = new StoreSettings();
        return new Retention(new RetentionRepository(pool), settings.retention(), settings.snapshots(), clock);
    }

    private static BlobSweep sweep(Pool pool, Clock clock, StoreFigures figures) {
        return new BlobSweep(new SweepRepository(pool), new StoreSettings().snapshots(), clock, figures);
    }

    private static StoreFigures figures(Pool pool, Clock clock) {
        return new StoreFigures(pool, clock, new SimpleMeterRegistry());
    }

    /** As a process has it that leads. */
    static SnapshotUpkeep upkeep(Pool pool, Clock clock) {
        StoreFigures figures = figures(pool, clock);
        return new SnapshotUpkeep(retention(pool, clock), sweep(pool, clock, figures), figures, clock);
    }

    OrganizationId organization() {
        UUID id = UUID.randomUUID();
        execute("insert into organization values ('" + id + "', 'o', 0, now())");
        return new OrganizationId(id);
    }

    /** A tenancy of the organization, which ends the one before. */
    record Tenancy(OrganizationId organization, GatewayId gateway, long generation, String token) {

        SecretHash hash() {
            return SecretHash.of(token);
        }
    }

    Tenancy serve(OrganizationId organization, long generation) {
        execute("update allocation set state = 'ENDED', ended_at = now() where state <> 'ENDED' and organization_id = '"
                + organization.value() + "'");
        Tenancy tenancy = new Tenancy(
                organization, new GatewayId(UUID.randomUUID()), generation, "token of " + UUID.randomUUID());
        execute(
                """
                insert into allocation (id, organization_id, gateway_id, generation, state, handshake_expires_at,
                    gateway_token_hash, started_at, serving_at)
                values (gen_random_uuid(), '%s', '%s', %d, 'SERVING', now(), '\\x%s', now(), now())"""
                        .formatted(
                                organization.value(),
                                tenancy.gateway().value(),
                                generation,
                                HexFormat.of().formatHex(tenancy.hash().bytes())));
        return tenancy;
    }

    /** For a transaction that stays open while others run. */
    Connection connection() throws SQLException {
        return database.connection();
    }

    long arrival() {
        return Long.parseLong(sql.value("select nextval('push_arrival')"));
    }

    /** What a push says. */
    record Wire(Tenancy tenancy, String data, Instant takenAt, OptionalLong sequence) {

        byte[] body() {
            String counted = sequence.isPresent() ? ",\"sequence\":" + sequence.getAsLong() : "";
            return ("{\"organization_id\":\"" + tenancy.organization() + "\",\"gateway_id\":\"" + tenancy.gateway()
                            + "\",\"timestamp\":\"" + takenAt + "\"" + counted + ",\"data\":" + data + "}")
                    .getBytes(StandardCharsets.UTF_8);
        }
    }

    /** What a push has written that came to nothing. */
    void leave(List<Blob> blobs) {
        await(direct.blobs.write(blobs));
    }

    ReceivedPush receive(Wire wire) {
        return direct.receive(wire.body());
    }

    PushResult commit(Wire wire, ReceivedPush received, long arrival) {
        return direct.commit(wire.tenancy().hash(), received, arrival);
    }

    PushResult push(Wire wire, long arrival) {
        return commit(wire, receive(wire), arrival);
    }

    /** Empty: who pushed it died on the way, and what became of it he has not heard. */
    Optional<PushResult> pushAndDie(Wire wire, long arrival, int message, CuttingProxy.Cut cut) {
        Pool dying = database.pool(proxy.port());
        Side side = new Side(dying);
        proxy.cutAt(message, cut);
        try {
            return Optional.of(side.commit(wire.tenancy().hash(), side.receive(wire.body()), arrival));
        } catch (RuntimeException failure) {
            if (proxy.disarm()) {
                throw failure;
            }
            return Optional.empty();
        } finally {
            proxy.disarm();
            dying.closeAndAwait();
            database.awaitGone(StoreDatabase.name(proxy.port()));
        }
    }

    /** The tenancy's gateway loads the data. */
    Optional<String> pull(Tenancy tenancy) {
        var standing = await(new PullStatement(pool, clock, Duration.ofMinutes(10))
                        .head(new Claim(tenancy.hash(), tenancy.organization(), tenancy.gateway())))
                .orElseThrow();
        return standing.version().map(head -> rest(await(versions.openLastGood(head))));
    }

    /** Fails with a problem when it is damaged, or not there. */
    String read(OrganizationId organization, long version) {
        return rest(open(organization, version));
    }

    VersionReader.Opened open(OrganizationId organization, long version) {
        return await(manifests.get(organization, VersionRef.of(version)).chain(versions::open));
    }

    String rest(VersionReader.Opened opened) {
        Buffer whole = Buffer.buffer().appendBuffer(opened.first());
        while (opened.rest().hasNext()) {
            whole.appendBuffer(await(versions.next(opened.rest())));
        }
        return whole.toString(StandardCharsets.UTF_8);
    }

    long restore(OrganizationId organization, long version) {
        return await(restore.restore(organization, VersionRef.of(version))).version();
    }

    Cloned copy(OrganizationId organization, long version, OrganizationId target) {
        return await(clone.clone(organization, VersionRef.of(version), target));
    }

    int thin() {
        return await(retention.run());
    }

    int sweep() {
        return await(sweep.run()).removed();
    }

    /** Head and versions with their kinds, as the tables have them. */
    record Series(OptionalLong head, Map<Long, String> kinds) {}

    Series series(OrganizationId organization) {
        Map<Long, String> kinds = new HashMap<>();
        OptionalLong head = OptionalLong.empty();
        for (String row : sql.column(
                """
                select v.version || ' ' || v.kind || ' ' || (v.version = s.head_version)
                from snapshot v join snapshot_series s using (organization_id) where organization_id = '%s'"""
                        .formatted(organization.value()))) {
            String[] columns = row.split(" ");
            long version = Long.parseLong(columns[0]);
            kinds.put(version, columns[1]);
            head = Boolean.parseBoolean(columns[2]) ? OptionalLong.of(version) : head;
        }
        return new Series(head, kinds);
    }

    /** Everything that a refused push must not change. */
    List<String> state(OrganizationId organization) {
        return sql.column(
                """
                select s::text from snapshot_series s where organization_id = '%1$s'
                union all select v::text from snapshot v where organization_id = '%1$s'
                union all select p::text from snapshot_part p where organization_id = '%1$s' order by 1"""
                        .formatted(organization.value()));
    }

    /** As a disk does it: nobody is told. */
    void spoil(Sha256 blob) {
        execute("update blob set data = 'spoiled' where data is not null and sha256 = '\\x" + blob.hex() + "'");
        execute("delete from blob_chunk where position = 1 and sha256 = '\\x" + blob.hex() + "'");
    }

    boolean isWhole(Sha256 blob) {
        return sql.column("select 1 from blob where damaged_at is null and sha256 = '\\x" + blob.hex() + "'")
                        .size()
                == 1;
    }

    void execute(String command) {
        try {
            sql.execute(command);
        } catch (SQLException failure) {
            throw new IllegalStateException(command, failure);
        }
    }

    static <T> T await(Uni<T> work) {
        return work.await().atMost(PATIENCE);
    }

    @Override
    public void close() throws IOException {
        pool.closeAndAwait();
        proxy.close();
        database.close();
    }
}
