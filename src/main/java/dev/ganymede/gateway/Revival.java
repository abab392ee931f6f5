package dev.ganymede.gateway;

import dev.ganymede.id.OrganizationId;
import java.time.Instant;
import java.util.Optional;

/**
 * An organization that lost its gateway and waits for another one.
 *
 * @param reason what ended its allocation
 * @param attempts starts that were tried and failed
 */
public record Revival(
        OrganizationId organization,
        Instant queuedAt,
        Instant notBefore,
        EndReason reason,
        int attempts,
        Optional<String> lastFailure) {}
