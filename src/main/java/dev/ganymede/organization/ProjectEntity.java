package dev.ganymede.organization;

import dev.ganymede.id.OrganizationId;
import dev.ganymede.id.ProjectId;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;

/** Row of {@code project}. */
@Entity
@Table(name = "project")
class ProjectEntity {

    @Id
    UUID id;

    @Column(nullable = false)
    UUID organizationId;

    @Column(nullable = false)
    String name;

    @Column(nullable = false)
    boolean active;

    @Column(nullable = false)
    Instant createdAt;

    static ProjectEntity of(Project project) {
        ProjectEntity row = new ProjectEntity();
        row.id = project.id().value();
        row.organizationId = project.organization().value();
        row.name = project.name();
        row.active = project.active();
        row.createdAt = project.createdAt();
        return row;
    }

    Project toProject() {
        return new Project(new ProjectId(id), new OrganizationId(organizationId), name, active, createdAt);
    }
}
