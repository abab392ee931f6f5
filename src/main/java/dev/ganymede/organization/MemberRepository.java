package dev.ganymede.organization;

import dev.ganymede.id.OrganizationId;
import dev.ganymede.id.UserId;
import dev.ganymede.problem.Problem;
import dev.ganymede.problem.ProblemType;
import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.quarkus.hibernate.reactive.panache.common.WithTransaction;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import org.hibernate.exception.ConstraintViolationException;

/** Memberships in PostgreSQL. */
@ApplicationScoped
public class MemberRepository {

    /** Bounds one organization's members, and with them the body of {@code /gateway/config}. */
    static final int MAX_PER_ORGANIZATION = 10_000;

    private final OrganizationRepository organizations;
    private final Rows rows;

    MemberRepository(OrganizationRepository organizations, Rows rows) {
        this.organizations = organizations;
        this.rows = rows;
    }

    /** Fails when the organization is unknown or full, or when the user is a member already. */
    @WithTransaction
    public Uni<Member> create(Member member) {
        return organizations
                .get(member.organization())
                .chain(organization ->
                        rows.count("organizationId", member.organization().value()))
                .invoke(count -> ProjectRepository.requireRoom(count, MAX_PER_ORGANIZATION))
                .chain(count -> rows.persistAndFlush(MemberEntity.of(member)))
                .map(MemberEntity::toMember)
                .onFailure(ConstraintViolationException.class)
                .transform(taken -> Problem.of(ProblemType.ALREADY_EXISTS, "The user is a member already."));
    }

    @WithSession
    public Uni<Optional<Member>> find(OrganizationId organization, UserId user) {
        return rows.findById(new MemberEntity.Key(organization, user))
                .map(row -> Optional.ofNullable(row).map(MemberEntity::toMember));
    }

    /** All of one organization, oldest first; at most {@value #MAX_PER_ORGANIZATION}. */
    @WithSession
    public Uni<List<Member>> list(OrganizationId organization) {
        return rows.find("organizationId = ?1 order by createdAt, userId", organization.value())
                .list()
                .map(found -> found.stream().map(MemberEntity::toMember).toList());
    }

    /** Absent is a problem. */
    @WithTransaction
    public Uni<Void> delete(OrganizationId organization, UserId user) {
        return rows.deleteById(new MemberEntity.Key(organization, user))
                .invoke(deleted -> {
                    if (!deleted) {
                        throw Problem.of(ProblemType.MEMBER_NOT_FOUND, null);
                    }
                })
                .replaceWithVoid();
    }

    @ApplicationScoped
    static class Rows implements PanacheRepositoryBase<MemberEntity, MemberEntity.Key> {}
}
