package dev.ganymede.snapshot;

import io.vertx.core.buffer.Buffer;
import java.time.Instant;

/**
 * The newest data of an organization.
 *
 * @param takenAt by the clock of the gateway that pushed it
 * @param data the JSON object as it was pushed
 */
record Snapshot(Instant takenAt, Buffer data) {}
