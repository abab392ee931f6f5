package dev.ganymede.snapshot;

import java.time.Instant;

/**
 * An accepted push: it is on disk.
 *
 * @param unchanged the head holds the same already: {@code version} is the head's
 */
record PushResult(long version, Instant storedAt, Sha256 digest, long sizeBytes, boolean unchanged) {}
