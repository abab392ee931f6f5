package dev.ganymede.snapshot;

import dev.ganymede.id.OrganizationId;
import java.time.Instant;

/** A version as it stands in the store. */
record StoredVersion(OrganizationId organization, long version, Instant storedAt, Manifest manifest) {}
