package dev.ganymede.snapshot;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Settings of reading snapshots: pulls and downloads. */
@ConfigMapping(prefix = "ganymede.pull")
public interface PullConfig {

    /** Snapshots above 1 MiB that gateways load at the same time. Each needs about 20 MiB of memory, however large it is. */
    @WithDefault("4")
    int maxConcurrent();

    /** Those that operators download, restore or clone at the same time, besides. */
    @WithDefault("2")
    int maxConcurrentOperators();

    /** So many more wait for their turn; beyond, 503. */
    @WithDefault("64")
    int maxWaiting();

    /** The whole answer, the wait included; who takes longer to read it is cut off. */
    @WithDefault("1M")
    Duration timeout();

    /** Who takes nothing of it for so long is cut off. */
    @WithDefault("5S")
    Duration stallTimeout();
}
