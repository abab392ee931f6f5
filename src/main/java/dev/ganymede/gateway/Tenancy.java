package dev.ganymede.gateway;

import dev.ganymede.id.Generation;
import dev.ganymede.id.OrganizationId;

/** Whom a gateway serves, as the pool's status shows it. */
public record Tenancy(OrganizationId organization, Generation generation, AllocationState.Name state) {}
