package dev.ganymede.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganymede.id.OrganizationId;
import io.vertx.mutiny.sqlclient.Pool;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** In a store with much in it, what a share of the upkeep costs follows from what it has to do: no statement of it reads through all parts or all blobs. */
class UpkeepPlansIT {

    private static final Duration PASSED = Duration.ofHours(2);

    private static StoreWorld world;
    private static OrganizationId large;

    @BeforeAll
    static void fill() {
        world = new StoreWorld();
        world.reset();
        histories(600, 20, 20);
        large = world.organization();
        histories(1, 200, 50);
        world.execute("insert into blob (sha256, size_bytes, data, used_at) select sha256(n::text::bytea), 1, 'x', '"
                + StoreWorld.BEGIN.plus(PASSED) + "' from generate_series(1, 30000) n");
        world.execute("vacuum analyze blob, snapshot, snapshot_part, snapshot_series");
        world.clock.advance(PASSED);
    }

    /** Of organizations that have none yet; in each version another project has changed. */
    private static void histories(int organizations, int versions, int parts) {
        world.execute(
                """
                set session_replication_role = replica;
                insert into organization select gen_random_uuid(), 'o', 0, now()
                from generate_series(1, %1$d - (select count(*) from organization
                    where id not in (select organization_id from snapshot_series)));
                create temporary table part as select id, version, position,
                    sha256((id::text || position || '.' || (version + %3$d - 1 - position) / %3$d)::bytea) as sha256
                from organization, generate_series(1, %2$d) version, generate_series(0, %3$d - 1) position
                where id not in (select organization_id from snapshot_series);
                insert into snapshot_series (organization_id, last_version, head_version, thin_at)
                select id, max(version), max(version), 'infinity' from part group by id;
                insert into snapshot (organization_id, version, lineage, kind, taken_at, confirmed_at, stored_at, digest, size_bytes)
                select distinct id, version, 0, 'PUSH', t, t, t, sha256('x'), 1 from part, cast('%4$s' as timestamptz) t;
                insert into blob (sha256, size_bytes, data, used_at)
                select distinct sha256, 1, 'x'::bytea, timestamptz '%4$s' from part;
                insert into snapshot_part (organization_id, version, position, sha256, changed_at)
                select id, version, position, sha256, '%4$s' from part;
                drop table part;
                reset session_replication_role"""
                        .formatted(organizations, versions, parts, StoreWorld.BEGIN));
    }

    @AfterAll
    static void end() throws IOException {
        world.close();
    }

    @Test
    void aLongHistoryIsThinnedWithoutReadingThoseOfOthers() {
        world.execute("update snapshot_series set thin_at = '" + world.clock.instant()
                + "', quota_bytes = 1 where organization_id = '" + large.value() + "'");
        long before = readThrough();
        upkeep();
        assertThat(world.series(large).kinds()).hasSize(1);
        assertThat(readThrough()).isEqualTo(before);
    }

    /** On new connections: PostgreSQL plans each of the first executions for its very values. */
    private static void upkeep() {
        Pool pool = world.database.pool();
        StoreWorld.await(StoreWorld.upkeep(pool, world.clock).run());
        pool.closeAndAwait();
    }

    /** How often one of the large tables was read from its beginning to its end; what is over is counted. */
    private static long readThrough() {
        world.pool.closeAndAwait();
        world.database.awaitGone(StoreDatabase.name(world.database.port()));
        return Long.parseLong(
                world.sql.value(
                        "select sum(seq_scan) from pg_stat_user_tables where relname in ('blob', 'blob_chunk', 'snapshot_part')"));
    }
}
