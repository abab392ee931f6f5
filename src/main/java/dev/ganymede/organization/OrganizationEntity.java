package dev.ganymede.organization;

import dev.ganymede.id.OrganizationId;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;

/** Row of {@code organization}; its generation counter belongs to the allocations and is not mapped. */
@Entity
@Table(name = "organization")
class OrganizationEntity {

    @Id
    UUID id;

    @Column(nullable = false)
    String name;

    @Column(nullable = false)
    Instant createdAt;

    static OrganizationEntity of(Organization organization) {
        OrganizationEntity row = new OrganizationEntity();
        row.id = organization.id().value();
        row.name = organization.name();
        row.createdAt = organization.createdAt();
        return row;
    }

    Organization toOrganization() {
        return new Organization(new OrganizationId(id), name, createdAt);
    }
}
