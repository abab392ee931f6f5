package dev.ganymede.gateway;

import java.util.Optional;

/** A pool member and whom it serves, read in one statement. */
public record OccupiedGateway(Gateway gateway, Optional<Tenancy> tenancy) {}
