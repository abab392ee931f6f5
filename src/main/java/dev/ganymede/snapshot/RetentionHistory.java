package dev.ganymede.snapshot;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * One organization's versions, as far as retention looks at them.
 *
 * @param head what a pull gives; empty: nothing of it can be pulled
 * @param quotaBytes for the blobs of all versions together, each counted once
 */
record RetentionHistory(OptionalLong head, long quotaBytes, List<Entry> versions) {

    RetentionHistory {
        versions = List.copyOf(versions);
    }

    /** Where a version comes from. */
    enum Origin {
        /** Pushed, restored or cloned. */
        SERVED,
        /** Rescued from a gateway's disk, and not yet in what the organization works on. */
        RESCUE,
        /** Rescued, and merged since. */
        MERGED_RESCUE
    }

    /**
     * One version.
     *
     * @param damaged something of it is known to have lost its hash, or to be missing
     * @param blobs with their sizes; empty for all versions when everything together is known to be within the quota
     */
    record Entry(long number, long lineage, Origin origin, Instant storedAt, boolean damaged, Map<Sha256, Long> blobs) {

        Entry {
            blobs = Map.copyOf(blobs);
        }
    }
}
