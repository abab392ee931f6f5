package dev.ganymede.organization;

import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A project as callers see it. */
@Schema(name = "Project")
public record ProjectBody(UUID id, UUID organizationId, String name, boolean active, Instant createdAt) {

    /** The project's outside view. */
    public static ProjectBody of(Project project) {
        return new ProjectBody(
                project.id().value(),
                project.organization().value(),
                project.name(),
                project.active(),
                project.createdAt());
    }
}
