package dev.ganymede.snapshot;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;

/** Settings of the snapshot store. */
@ConfigMapping(prefix = "ganymede.snapshot")
public interface SnapshotConfig {

    /** Largest body of a push; beyond it, 413. */
    @WithDefault("67108864")
    long maxBodyBytes();

    /** Pushes that are taken in at the same time; beyond it, 503. Each occupies a thread. */
    @WithDefault("32")
    int maxConcurrentPushes();

    /** What all pushes together keep in memory on its way to the database; who would need more waits. */
    @WithDefault("67108864")
    long memoryBytes();

    /** Longest time of one push, from its headers to its answer; beyond it, 408. Far below the sweep's grace. */
    @WithDefault("2M")
    Duration pushTimeout();

    /** Longest silence within a body; beyond it, 408. */
    @WithDefault("20S")
    Duration readTimeout();

    /** Where large projects wait while they arrive, in files that have no name any more. */
    Path spoolDirectory();

    /** Connections on which blobs are written. */
    @WithDefault("6")
    int blobConnections();

    /** What the newest data of one organization may occupy, unless it has a quota of its own; beyond it, 507. */
    @WithDefault("1073741824")
    long quotaBytes();

    /** How long a blob is kept to which nobody refers; who is about to refer to one has that much time. */
    @WithDefault("1H")
    Duration sweepGrace();
}
