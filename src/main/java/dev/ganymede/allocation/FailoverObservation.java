package dev.ganymede.allocation;

import dev.ganymede.gateway.Revival;
import dev.ganymede.id.OrganizationId;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * The queue at one look.
 *
 * @param queue first come first
 * @param underWay organizations that are being started for the queue now
 * @param exhausted no gateway was ready the last time, and nothing has changed since
 */
record FailoverObservation(Instant now, List<Revival> queue, Set<OrganizationId> underWay, boolean exhausted) {}
