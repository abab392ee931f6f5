package dev.ganymede.organization;

import dev.ganymede.id.OrganizationId;
import dev.ganymede.id.ProjectId;
import java.time.Instant;

/**
 * A document room of an organization.
 *
 * @param active somebody has opened it; the first active project of an organization starts its gateway
 */
public record Project(ProjectId id, OrganizationId organization, String name, boolean active, Instant createdAt) {}
