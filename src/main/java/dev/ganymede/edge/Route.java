package dev.ganymede.edge;

import dev.ganymede.id.Endpoint;
import dev.ganymede.id.Generation;
import dev.ganymede.id.OrganizationId;

/** One organization's way through the edge: to which gateway, and of which allocation. */
public record Route(OrganizationId organization, Endpoint gateway, Generation generation) {}
