package dev.ganymede.gateway;

import dev.ganymede.id.AllocationId;
import java.util.Optional;

/**
 * A gateway that ought to answer: it is ready, or serves somebody.
 *
 * @param allocation what it serves; absent with the tenancy when it is ready
 */
public record LivingGateway(Gateway gateway, Optional<AllocationId> allocation, Optional<Tenancy> tenancy) {}
