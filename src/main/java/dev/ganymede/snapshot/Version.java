package dev.ganymede.snapshot;

import dev.ganymede.id.OrganizationId;
import java.time.Instant;

/**
 * One version of an organization's data, as it can be read.
 *
 * @param lineage counts the restores that its data includes
 * @param takenAt by the clock of the gateway that pushed it
 * @param damaged a blob of it is known to be, or its list of parts is not the one that was stored
 */
record Version(
        OrganizationId organization,
        long number,
        long lineage,
        Instant takenAt,
        Sha256 digest,
        Manifest manifest,
        boolean damaged) {}
