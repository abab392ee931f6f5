package dev.ganymede.allocation;

import dev.ganymede.gateway.Revival;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What has to be done about the queue.
 *
 * @param begin whom to start now, in this order
 * @param lookAgainAt when the next one is due that is not yet
 */
record FailoverPlan(List<Revival> begin, Optional<Instant> lookAgainAt) {}
