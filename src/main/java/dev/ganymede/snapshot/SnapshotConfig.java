package dev.ganymede.snapshot;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Settings of the snapshot store. */
@ConfigMapping(prefix = "ganymede.snapshot")
public interface SnapshotConfig {

    /** Largest body of a push; beyond it, 413. */
    @WithDefault("67108864")
    long maxBodyBytes();
}
