package dev.ganymede.snapshot;

import dev.ganymede.id.OrganizationId;
import java.time.Instant;
import java.util.List;

/**
 * One version of an organization's data, as it can be read.
 *
 * @param lineage counts the restores that its data includes
 * @param takenAt by the clock of the gateway that pushed it
 * @param damaged a blob of it is known to be, or it is {@link #broken()}
 */
record Version(
        OrganizationId organization,
        long number,
        long lineage,
        Instant takenAt,
        Sha256 digest,
        Manifest manifest,
        boolean damaged) {

    /** The head of its series, which is not there. No manifest has a digest of zeros. */
    static Version lost(OrganizationId organization, long number, long lineage) {
        Sha256 unknown = Sha256.of(new byte[32]);
        return new Version(organization, number, lineage, Instant.EPOCH, unknown, new Manifest(List.of()), true);
    }

    /** Its parts are not all that were stored. */
    boolean broken() {
        return !manifest.digest().equals(digest);
    }
}
