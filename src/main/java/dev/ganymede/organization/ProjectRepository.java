package dev.ganymede.organization;

import dev.ganymede.id.OrganizationId;
import dev.ganymede.id.ProjectId;
import dev.ganymede.problem.Problem;
import dev.ganymede.problem.ProblemType;
import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.quarkus.hibernate.reactive.panache.common.WithTransaction;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import org.hibernate.exception.ConstraintViolationException;

/** Projects in PostgreSQL. */
@ApplicationScoped
public class ProjectRepository {

    /** Bounds one organization's projects, and with them the body of {@code /gateway/config}. */
    static final int MAX_PER_ORGANIZATION = 1_000;

    private final OrganizationRepository organizations;
    private final Rows rows;

    ProjectRepository(OrganizationRepository organizations, Rows rows) {
        this.organizations = organizations;
        this.rows = rows;
    }

    /** Fails when the organization is unknown or full, or when the id is taken. */
    @WithTransaction
    public Uni<Project> create(Project project) {
        return organizations
                .get(project.organization())
                .chain(organization ->
                        rows.count("organizationId", project.organization().value()))
                .invoke(count -> requireRoom(count, MAX_PER_ORGANIZATION))
                .chain(count -> rows.persistAndFlush(ProjectEntity.of(project)))
                .map(ProjectEntity::toProject)
                .onFailure(ConstraintViolationException.class)
                .transform(taken -> Problem.of(ProblemType.ALREADY_EXISTS, "A project with this id exists."));
    }

    @WithSession
    public Uni<Project> get(ProjectId id) {
        return rows.findById(id.value()).map(row -> found(row).toProject());
    }

    /** All of one organization, oldest first; at most {@value #MAX_PER_ORGANIZATION}. */
    @WithSession
    public Uni<List<Project>> list(OrganizationId organization) {
        return rows.find("organizationId = ?1 order by createdAt, id", organization.value())
                .list()
                .map(found -> found.stream().map(ProjectEntity::toProject).toList());
    }

    /** Marks the project; idempotent. */
    @WithTransaction
    public Uni<Project> activate(ProjectId id) {
        return mark(id, true);
    }

    /** Takes the mark away; idempotent. */
    @WithTransaction
    public Uni<Project> deactivate(ProjectId id) {
        return mark(id, false);
    }

    private Uni<Project> mark(ProjectId id, boolean active) {
        return rows.findById(id.value())
                .invoke(row -> found(row).active = active)
                .chain(row -> rows.flush().replaceWith(row))
                .map(ProjectEntity::toProject);
    }

    /** Absent is a problem. */
    @WithTransaction
    public Uni<Void> delete(ProjectId id) {
        return rows.deleteById(id.value())
                .invoke(deleted -> {
                    if (!deleted) {
                        throw notFound();
                    }
                })
                .replaceWithVoid();
    }

    static void requireRoom(long count, int limit) {
        if (count >= limit) {
            throw Problem.of(
                    ProblemType.REQUEST_REFUSED, "The organization has the most it may have already: " + limit + ".");
        }
    }

    private static ProjectEntity found(ProjectEntity row) {
        if (row == null) {
            throw notFound();
        }
        return row;
    }

    private static Problem notFound() {
        return Problem.of(ProblemType.PROJECT_NOT_FOUND, null);
    }

    @ApplicationScoped
    static class Rows implements PanacheRepositoryBase<ProjectEntity, UUID> {}
}
