package dev.ganymede.organization;

import dev.ganymede.id.OrganizationId;
import java.time.Instant;

/** A tenant: it has projects and members, and a gateway of its own while it is being used. */
public record Organization(OrganizationId id, String name, Instant createdAt) {}
