package dev.ganymede.organization;

import dev.ganymede.id.OrganizationId;
import dev.ganymede.id.UserId;
import java.time.Instant;

/** A user's membership in an organization. */
public record Member(OrganizationId organization, UserId user, String name, Role role, Instant createdAt) {

    /** What a member may do; the gateway decides by it. */
    public enum Role {
        OWNER,
        EDITOR,
        VIEWER
    }
}
