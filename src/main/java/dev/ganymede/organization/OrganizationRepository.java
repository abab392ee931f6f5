package dev.ganymede.organization;

import dev.ganymede.id.OrganizationId;
import dev.ganymede.problem.Problem;
import dev.ganymede.problem.ProblemType;
import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.quarkus.hibernate.reactive.panache.common.WithTransaction;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.exception.ConstraintViolationException;

/** Organizations in PostgreSQL. */
@ApplicationScoped
public class OrganizationRepository {

    private final Rows rows;

    OrganizationRepository(Rows rows) {
        this.rows = rows;
    }

    /** Fails with {@link ProblemType#ALREADY_EXISTS} when the id is taken. */
    @WithTransaction
    public Uni<Organization> create(Organization organization) {
        return rows.persistAndFlush(OrganizationEntity.of(organization))
                .map(OrganizationEntity::toOrganization)
                .onFailure(ConstraintViolationException.class)
                .transform(taken -> Problem.of(ProblemType.ALREADY_EXISTS, "An organization with this id exists."));
    }

    @WithSession
    public Uni<Optional<Organization>> find(OrganizationId id) {
        return rows.findById(id.value()).map(row -> Optional.ofNullable(row).map(OrganizationEntity::toOrganization));
    }

    /** Like {@link #find}; absent is a problem. */
    @WithSession
    public Uni<Organization> get(OrganizationId id) {
        return find(id).map(found -> found.orElseThrow(OrganizationRepository::notFound));
    }

    /** One page in the order of ids, beginning after the given one (null: at the start). */
    @WithSession
    public Uni<List<Organization>> page(OrganizationId after, int limit) {
        var query = after == null ? rows.find("order by id") : rows.find("id > ?1 order by id", after.value());
        return query.page(0, limit).list().map(found -> found.stream()
                .map(OrganizationEntity::toOrganization)
                .toList());
    }

    static Problem notFound() {
        return Problem.of(ProblemType.ORGANIZATION_NOT_FOUND, null);
    }

    @ApplicationScoped
    static class Rows implements PanacheRepositoryBase<OrganizationEntity, UUID> {}
}
