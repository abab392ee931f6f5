package dev.ganymede.snapshot;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Settings of the snapshot store. */
@ConfigMapping(prefix = "ganymede.snapshot")
public interface SnapshotConfig {

    /** Largest body of a push; beyond it, 413. */
    @WithDefault("67108864")
    long maxBodyBytes();

    /** Bytes of pushes that are taken in at the same time; beyond it, 503. Memory grows with about three times this. */
    @WithDefault("134217728")
    long maxConcurrentBytes();
}
