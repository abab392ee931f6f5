package dev.ganymede.snapshot;

import dev.ganymede.id.OrganizationId;
import dev.ganymede.snapshot.RetentionHistory.Entry;
import dev.ganymede.snapshot.RetentionHistory.Origin;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jboss.logging.Logger;

/** What retention reads and removes. */
@ApplicationScoped
class RetentionRepository {

    private static final Logger LOG = Logger.getLogger(RetentionRepository.class);

    private static final String DUE =
            "select organization_id from snapshot_series where thin_at <= $1 order by thin_at limit $2";

    // Here and below, blobs are looked up by an array of hashes, or one by one: joined with a long history, PostgreSQL
    // would rather read all blobs of the store.
    private static final String SERIES =
            """
            select last_version, head_version, quota_bytes,
                (select coalesce(sum(size_bytes), 0)::bigint from blob where sha256 = any(array(
                    select distinct sha256 from snapshot_part where organization_id = $1))) as stored_bytes
            from snapshot_series where organization_id = $1
            """;

    // from the few damaged blobs, not through all parts
    private static final String VERSIONS =
            """
            select version, lineage, stored_at, kind = 'RESCUE' as rescue, merged_at is not null as merged,
                damaged_at is not null or version in (
                    select p.version from blob b join snapshot_part p on p.sha256 = b.sha256
                    where b.damaged_at is not null and p.organization_id = $1) as damaged
            from snapshot where organization_id = $1 order by version
            """;

    private static final String BLOBS =
            """
            select sha256, (select size_bytes from blob where blob.sha256 = part.sha256) as size_bytes,
                array_agg(version) as versions
            from snapshot_part part where organization_id = $1 group by sha256
            """;

    // Who reads one of these versions right now needs its blobs for a while: the grace of those that nobody else
    // refers to begins here. In the order of their hashes: whoever renews several does it so, and nobody blocks
    // another.
    private static final String RENEW =
            """
            with orphans as materialized (
                select sha256 from blob
                where used_at < $3
                    and sha256 = any(array(
                        select distinct sha256 from snapshot_part where organization_id = $1 and version = any($2)))
                    and not exists (
                        select from snapshot_part other where other.sha256 = blob.sha256
                            and (other.organization_id <> $1 or other.version <> all($2)))
                order by sha256 for no key update
            )
            update blob set used_at = $3 from orphans where blob.sha256 = orphans.sha256
            """;

    // Under the lock that everybody takes who adds a version; what the plan did not know yet still holds. A version
    // that
    // somebody keeps right now, to make another one of it, stays: he waits for the same lock.
    private static final String RETIRE =
            """
            with series as materialized (
                select head_version, lineage from snapshot_series where organization_id = $1 for update
            ), doomed as materialized (
                select v.version from snapshot v, series
                where v.organization_id = $1 and v.version = any($2)
                    and v.version is distinct from series.head_version
                    and (v.kind <> 'RESCUE' or v.merged_at is not null or v.lineage < series.lineage)
                for update of v skip locked
            )
            delete from snapshot using doomed where organization_id = $1 and snapshot.version = doomed.version
            """;

    // A version that came in between has not been looked at.
    private static final String SCHEDULE =
            """
            update snapshot_series set
                thin_at = case when last_version = $2 then $3::timestamptz else least($3::timestamptz, $4::timestamptz) end
            where organization_id = $1
            """;

    /**
     * How an organization stands.
     *
     * @param lastVersion the newest that was known when it was read
     * @param storedBytes of all blobs that it refers to
     */
    record Standing(long lastVersion, OptionalLong head, OptionalLong quotaBytes, long storedBytes) {}

    private final Pool pool;

    RetentionRepository(Pool pool) {
        this.pool = pool;
    }

    /** Organizations that have something to thin by now, the longest overdue first. */
    Uni<List<OrganizationId>> due(Instant now, int limit) {
        return pool.preparedQuery(DUE)
                .execute(Tuple.of(Times.timestamp(now), limit))
                .map(rows -> rows.stream()
                        .map(row -> new OrganizationId(row.getUUID("organization_id")))
                        .toList());
    }

    /** Empty: the organization is gone. */
    Uni<Optional<Standing>> standing(OrganizationId organization) {
        return pool.preparedQuery(SERIES)
                .execute(Tuple.of(organization.value()))
                .map(rows -> rows.stream().findFirst().map(RetentionRepository::standing));
    }

    /** Without their blobs. */
    Uni<List<Entry>> versions(OrganizationId organization) {
        return pool.preparedQuery(VERSIONS)
                .execute(Tuple.of(organization.value()))
                .map(rows -> rows.stream().map(RetentionRepository::version).toList());
    }

    /** The same versions, with their blobs. */
    Uni<List<Entry>> withBlobs(OrganizationId organization, List<Entry> versions) {
        return pool.preparedQuery(BLOBS).execute(Tuple.of(organization.value())).map(rows -> {
            Map<Long, Map<Sha256, Long>> blobs = blobs(rows);
            return versions.stream()
                    .map(version -> new Entry(
                            version.number(),
                            version.lineage(),
                            version.origin(),
                            version.storedAt(),
                            version.damaged(),
                            blobs.getOrDefault(version.number(), Map.of())))
                    .toList();
        });
    }

    /** Removes the versions, but for such as must stay by now; tells how many it were. Safe to be killed at any moment, and to be repeated. */
    Uni<Integer> retire(OrganizationId organization, List<Long> versions, Instant now) {
        Long[] numbers = versions.toArray(Long[]::new);
        return pool.preparedQuery(RENEW)
                .execute(Tuple.of(organization.value(), numbers, Times.timestamp(now)))
                .chain(renewed -> pool.preparedQuery(RETIRE).execute(Tuple.of(organization.value(), numbers)))
                .map(retired -> retired.rowCount())
                .invoke(retired ->
                        LOG.debugf("organization %s: %d of versions %s retired", organization, retired, versions));
    }

    /** Looks at the organization again then (empty: when it has stored another version), and soon if it has done so already. */
    Uni<Void> schedule(OrganizationId organization, long lastVersion, Optional<Instant> next, Instant soon) {
        return pool.preparedQuery(SCHEDULE)
                .execute(Tuple.of(
                        organization.value(),
                        lastVersion,
                        next.map(Times::timestamp).orElse(null),
                        Times.timestamp(soon)))
                .replaceWithVoid();
    }

    private static Standing standing(Row row) {
        return new Standing(
                row.getLong("last_version"),
                optional(row.getLong("head_version")),
                optional(row.getLong("quota_bytes")),
                row.getLong("stored_bytes"));
    }

    private static OptionalLong optional(Long value) {
        return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }

    private static Entry version(Row row) {
        return new Entry(
                row.getLong("version"),
                row.getLong("lineage"),
                origin(row),
                row.getOffsetDateTime("stored_at").toInstant(),
                row.getBoolean("damaged"),
                Map.of());
    }

    private static Origin origin(Row row) {
        if (!row.getBoolean("rescue")) {
            return Origin.SERVED;
        }
        return row.getBoolean("merged") ? Origin.MERGED_RESCUE : Origin.RESCUE;
    }

    private static Map<Long, Map<Sha256, Long>> blobs(RowSet<Row> rows) {
        Map<Long, Map<Sha256, Long>> blobs = new HashMap<>();
        for (Row row : rows) {
            Sha256 sha256 = Sha256.of(row.getBuffer("sha256").getBytes());
            for (Long version : row.getArrayOfLongs("versions")) {
                blobs.computeIfAbsent(version, any -> new HashMap<>()).put(sha256, row.getLong("size_bytes"));
            }
        }
        return blobs;
    }
}
