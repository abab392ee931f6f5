package dev.ganymede.snapshot;

import dev.ganymede.id.OrganizationId;
import dev.ganymede.id.ProjectId;
import dev.ganymede.organization.OrganizationRepository;
import dev.ganymede.organization.Project;
import dev.ganymede.organization.ProjectCopies;
import dev.ganymede.problem.Problem;
import dev.ganymede.problem.ProblemType;
import dev.ganymede.snapshot.Turns.Reader;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Gives another organization, which has nothing yet, the projects of a version: the same content and names under new ids. Blobs are shared. What the gateway had stored
 * beside the projects stays behind, since it is about the other organization's people.
 */
@ApplicationScoped
class CloneInto {

    private static final Logger LOG = Logger.getLogger(CloneInto.class);

    private final Pool pool;
    private final OrganizationRepository organizations;
    private final Manifests manifests;
    private final VersionReader reader;
    private final Turns turns;
    private final VersionWriter writer;
    private final Clock clock;

    CloneInto(
            Pool pool,
            OrganizationRepository organizations,
            Manifests manifests,
            VersionReader reader,
            Turns turns,
            VersionWriter writer,
            Clock clock) {
        this.pool = pool;
        this.organizations = organizations;
        this.manifests = manifests;
        this.reader = reader;
        this.turns = turns;
        this.writer = writer;
        this.clock = clock;
    }

    /** What was done. */
    record Cloned(OrganizationId organization, long version, List<Copy> projects) {}

    /** A project of the source, and what became of it. */
    record Copy(Part source, Project project) {

        Part part() {
            return Part.ofProject(project.id(), source.sha256(), source.sizeBytes());
        }
    }

    /** All of the version is read and verified first: one that is damaged is not cloned. */
    Uni<Cloned> clone(OrganizationId organization, VersionRef ref, OrganizationId target) {
        return organizations
                .get(organization)
                .chain(found -> manifests.get(organization, ref))
                .chain(source -> turns.take(Reader.OPERATOR, source, () -> reader.verify(source))
                        .chain(() -> pool.withTransaction(connection -> clone(connection, source, target))))
                .invoke(cloned -> LOG.infof(
                        "organization %s has the %d projects of a version of organization %s",
                        target, cloned.projects().size(), organization));
    }

    private Uni<Cloned> clone(SqlConnection connection, Version source, OrganizationId target) {
        return VersionLocks.keepIdle(connection, target)
                .chain(() -> VersionLocks.keepVersion(connection, source))
                .chain(() -> Series.lock(connection, target))
                .invoke(CloneInto::requireEmpty)
                .chain(series -> ProjectCopies.names(connection, source.organization())
                        .map(names -> copies(source, target, names))
                        .chain(copies -> insert(connection, source, target, copies, series)));
    }

    private static void requireEmpty(Series series) {
        if (series.lastVersion() > 0) {
            throw Problem.of(ProblemType.ORGANIZATION_NOT_EMPTY, "Its data has versions already.");
        }
    }

    private List<Copy> copies(Version source, OrganizationId target, Map<ProjectId, String> names) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        return source.manifest().projects().stream()
                .map(part -> {
                    ProjectId original = part.project().orElseThrow();
                    // it may have been deleted since
                    String name = names.getOrDefault(original, "Project " + original);
                    return new Copy(part, new Project(new ProjectId(UUID.randomUUID()), target, name, false, now));
                })
                .toList();
    }

    private Uni<Cloned> insert(
            SqlConnection connection, Version source, OrganizationId target, List<Copy> copies, Series series) {
        Manifest manifest = new Manifest(copies.stream().map(Copy::part).toList());
        NewVersion wanted = NewVersion.cloned(
                target, manifest, source.takenAt(), new NewVersion.Source(source.organization(), source.number()));
        return ProjectCopies.insert(
                        connection, target, copies.stream().map(Copy::project).toList())
                .chain(() -> writer.add(connection, wanted, series))
                .map(stored -> new Cloned(target, stored.version(), copies));
    }
}
