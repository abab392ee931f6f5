package dev.ganymede.organization;

import dev.ganymede.id.OrganizationId;
import dev.ganymede.id.UserId;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;

/** Row of {@code member}. */
@Entity
@Table(name = "member")
@IdClass(MemberEntity.Key.class)
class MemberEntity {

    @Id
    UUID organizationId;

    @Id
    UUID userId;

    @Column(nullable = false)
    String name;

    @Enumerated(EnumType.STRING)
    @Column(nullable = false)
    Member.Role role;

    @Column(nullable = false)
    Instant createdAt;

    static MemberEntity of(Member member) {
        MemberEntity row = new MemberEntity();
        row.organizationId = member.organization().value();
        row.userId = member.user().value();
        row.name = member.name();
        row.role = member.role();
        row.createdAt = member.createdAt();
        return row;
    }

    Member toMember() {
        return new Member(new OrganizationId(organizationId), new UserId(userId), name, role, createdAt);
    }

    /** Composite key; JPA wants a class with a default constructor. */
    static class Key implements Serializable {
        UUID organizationId;
        UUID userId;

        Key() {}

        Key(OrganizationId organization, UserId user) {
            this.organizationId = organization.value();
            this.userId = user.value();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Key key
                    && Objects.equals(organizationId, key.organizationId)
                    && Objects.equals(userId, key.userId);
        }

        @Override
        public int hashCode() {
            return Objects.hash(organizationId, userId);
        }
    }
}
