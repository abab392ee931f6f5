package dev.ganymede.snapshot;

import dev.ganymede.id.OrganizationId;
import dev.ganymede.id.ProjectId;
import dev.ganymede.problem.Problem;
import dev.ganymede.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Versions and what they are made of, out of PostgreSQL. Each answer comes from one statement: a version is seen whole, or not at all. */
@ApplicationScoped
class Manifests {

    /** What {@link #version} needs; of {@code v}, a version, {@code p}, a part, and {@code b}, its blob. */
    static final String COLUMNS =
            "v.organization_id, v.version, v.lineage as of_lineage, v.confirmed_at, v.digest, p.project_id, p.sha256,"
                    + " b.size_bytes as blob_bytes, b.damaged_at is not null or v.damaged_at is not null as damaged";

    static final String PARTS =
            """
            left join snapshot_part p on p.organization_id = v.organization_id and p.version = v.version
            left join blob b on b.sha256 = p.sha256
            """;

    private static final String FIND =
            """
            select %s from snapshot v %s
            where v.organization_id = $1 and v.version = coalesce($2::bigint,
                (select head_version from snapshot_series where organization_id = $1))
            order by p.position
            """
                    .formatted(COLUMNS, PARTS);

    // The newest one since the last restore; before that, rather one that was there when the restored one was the
    // newest, than what the restore undid. A rescued one was never what a pull gave.
    private static final String LAST_GOOD =
            """
            select %s from (
                select s.* from snapshot s join snapshot_series series on series.organization_id = s.organization_id
                left join snapshot restored on restored.organization_id = s.organization_id
                    and restored.kind = 'RESTORE' and restored.lineage = series.lineage
                where s.organization_id = $1 and s.kind <> 'RESCUE' and s.version <> all($2) and s.damaged_at is null
                    and not exists (
                        select 1 from snapshot_part p left join blob b on b.sha256 = p.sha256
                        where (b.sha256 is null or b.damaged_at is not null)
                            and p.organization_id = s.organization_id and p.version = s.version)
                order by s.lineage = series.lineage desc, s.version <= restored.source_version desc nulls last,
                    s.lineage desc, s.version desc
                limit 1
            ) v %s
            order by p.position
            """
                    .formatted(COLUMNS, PARTS);

    private final Pool pool;

    Manifests(Pool pool) {
        this.pool = pool;
    }

    /** What that version is made of. */
    Uni<Optional<Manifest>> find(OrganizationId organization, long version) {
        return find(organization, VersionRef.of(version)).map(found -> found.map(Version::manifest));
    }

    Uni<Optional<Version>> find(OrganizationId organization, VersionRef ref) {
        return pool.preparedQuery(FIND)
                .execute(Tuple.of(organization.value(), ref.number().orElse(null)))
                .map(Manifests::version);
    }

    /** Like {@link #find}; absent is a problem. */
    Uni<Version> get(OrganizationId organization, VersionRef ref) {
        return find(organization, ref).map(found -> found.orElseThrow(Manifests::notFound));
    }

    /** What a pull may give instead of these: none of its blobs is known to be damaged. */
    Uni<Optional<Version>> lastGood(OrganizationId organization, Collection<Long> without) {
        return pool.preparedQuery(LAST_GOOD)
                .execute(Tuple.of(organization.value(), without.toArray(Long[]::new)))
                .map(Manifests::version);
    }

    static Problem notFound() {
        return Problem.of(ProblemType.SNAPSHOT_NOT_FOUND, null);
    }

    /** Out of the rows of its parts, which are at least one row; empty when that has no version. */
    static Optional<Version> version(RowSet<Row> rows) {
        Row version = null;
        boolean damaged = false;
        List<Part> parts = new ArrayList<>(rows.size());
        for (Row row : rows) {
            version = row;
            damaged |= Boolean.TRUE.equals(row.getBoolean("damaged"));
            // without its blob it is no part any more, and the digest shows it
            if (row.getLong("blob_bytes") != null) {
                parts.add(part(row));
            }
        }
        if (version == null || version.getLong("version") == null) {
            return Optional.empty();
        }
        Manifest manifest = new Manifest(parts);
        Sha256 digest = Sha256.of(version.getBuffer("digest").getBytes());
        return Optional.of(new Version(
                new OrganizationId(version.getUUID("organization_id")),
                version.getLong("version"),
                version.getLong("of_lineage"),
                version.getOffsetDateTime("confirmed_at").toInstant(),
                digest,
                manifest,
                damaged || !manifest.digest().equals(digest)));
    }

    private static Part part(Row row) {
        UUID project = row.getUUID("project_id");
        return new Part(
                Optional.ofNullable(project).map(ProjectId::new),
                Sha256.of(row.getBuffer("sha256").getBytes()),
                row.getLong("blob_bytes"));
    }
}
