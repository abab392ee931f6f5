package dev.ganymede.pool;

import java.time.Instant;
import java.util.Optional;

/**
 * What the pool is held to at one moment.
 *
 * @param pause absent: it is not paused
 * @param surplusSince since when there are more members than wanted
 * @param queued organizations that wait for a gateway
 */
record PoolSettings(PoolSize size, Optional<Pause> pause, Optional<Instant> surplusSince, int queued) {

    /** Ordered by an operator: nothing is created, replaced or removed. */
    record Pause(Instant since, Optional<String> reason) {}
}
