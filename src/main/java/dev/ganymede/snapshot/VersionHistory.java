package dev.ganymede.snapshot;

import dev.ganymede.id.OrganizationId;
import dev.ganymede.id.ProjectId;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What people want to know about an organization's versions; nothing here reads a blob. */
@ApplicationScoped
class VersionHistory {

    private static final String SUMMARY =
            """
            v.*, series.head_version is not distinct from v.version as head,
            (select count(*) from snapshot_part p
                where p.organization_id = v.organization_id and p.version = v.version and p.project_id is not null)
                as projects,
            v.damaged_at is not null or exists (select 1 from blob b join snapshot_part p on p.sha256 = b.sha256
                where b.damaged_at is not null and p.organization_id = v.organization_id and p.version = v.version)
                as damaged
            """;

    private static final String PAGE =
            """
            select %s
            from (select * from snapshot where organization_id = $1 and version < $2 order by version desc limit $3) v
            left join snapshot_series series on series.organization_id = v.organization_id
            order by v.version desc
            """
                    .formatted(SUMMARY);

    private static final String DETAIL =
            """
            select %s, p.position, p.project_id, p.sha256, p.changed_at,
                coalesce(b.size_bytes, 0) as blob_bytes, b.sha256 is null or b.damaged_at is not null as blob_damaged, project.name
            from snapshot v
            join snapshot_series series on series.organization_id = v.organization_id
            left join snapshot_part p on p.organization_id = v.organization_id and p.version = v.version
            left join blob b on b.sha256 = p.sha256
            left join project on project.id = p.project_id and project.organization_id = v.organization_id
            where v.organization_id = $1 and v.version = coalesce($2::bigint, series.head_version)
            order by p.position
            """
                    .formatted(SUMMARY);

    private final Pool pool;

    VersionHistory(Pool pool) {
        this.pool = pool;
    }

    /**
     * A version at a glance.
     *
     * @param head it is what the next pull gives
     * @param origin generation and gateway; empty: nobody pushed it
     * @param source what it was made from
     * @param damaged a blob of it is known to be, or to be missing
     */
    record Summary(
            long version,
            boolean head,
            VersionKind kind,
            Optional<Origin> origin,
            Instant takenAt,
            Instant storedAt,
            long sizeBytes,
            long projects,
            Sha256 digest,
            long lineage,
            Optional<NewVersion.Source> source,
            boolean damaged) {}

    /** Who pushed it. */
    record Origin(long generation, UUID gateway) {}

    /** What it is made of. */
    record Detail(Summary summary, List<Item> items) {}

    /**
     * A part of it.
     *
     * @param name of the project; empty: it does not exist any more, or is not one
     * @param changedAt when this content came in
     */
    record Item(Part part, Optional<String> name, Instant changedAt, boolean damaged) {}

    /** Newest first. */
    Uni<List<Summary>> page(OrganizationId organization, long before, int limit) {
        return pool.preparedQuery(PAGE)
                .execute(Tuple.of(organization.value(), before, limit))
                .map(rows -> {
                    List<Summary> found = new ArrayList<>(rows.size());
                    rows.forEach(row -> found.add(summary(row)));
                    return found;
                });
    }

    /** Absent is a problem. */
    Uni<Detail> get(OrganizationId organization, VersionRef ref) {
        return pool.preparedQuery(DETAIL)
                .execute(Tuple.of(organization.value(), ref.number().orElse(null)))
                .map(rows -> {
                    if (rows.size() == 0) {
                        throw Manifests.notFound();
                    }
                    List<Item> items = new ArrayList<>(rows.size());
                    for (Row row : rows) {
                        if (row.getInteger("position") != null) {
                            items.add(item(row));
                        }
                    }
                    return new Detail(summary(rows.iterator().next()), items);
                });
    }

    private static Summary summary(Row row) {
        return new Summary(
                row.getLong("version"),
                row.getBoolean("head"),
                VersionKind.valueOf(row.getString("kind")),
                Optional.ofNullable(row.getLong("generation"))
                        .map(generation -> new Origin(generation, row.getUUID("gateway_id"))),
                instant(row, "taken_at"),
                instant(row, "stored_at"),
                row.getLong("size_bytes"),
                row.getLong("projects"),
                Sha256.of(row.getBuffer("digest").getBytes()),
                row.getLong("lineage"),
                Optional.ofNullable(row.getUUID("source_organization_id"))
                        .map(source ->
                                new NewVersion.Source(new OrganizationId(source), row.getLong("source_version"))),
                row.getBoolean("damaged"));
    }

    private static Item item(Row row) {
        return new Item(
                new Part(
                        Optional.ofNullable(row.getUUID("project_id")).map(ProjectId::new),
                        Sha256.of(row.getBuffer("sha256").getBytes()),
                        row.getLong("blob_bytes")),
                Optional.ofNullable(row.getString("name")),
                instant(row, "changed_at"),
                row.getBoolean("blob_damaged"));
    }

    private static Instant instant(Row row, String column) {
        return row.getOffsetDateTime(column).toInstant();
    }
}
