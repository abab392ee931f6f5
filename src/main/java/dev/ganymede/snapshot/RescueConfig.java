package dev.ganymede.snapshot;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;

/** Where gateways leave what they could not push, and how much of it is taken in. */
@ConfigMapping(prefix = "ganymede.rescue")
interface RescueConfig {

    /** The gateways' logs, {@code <gateway>/<life>/} of each; absent on a machine that has none of them. */
    Path directory();

    /** How often the directory is looked at, apart from changes of the pool. */
    Duration every();

    /** Largest file that is imported; it may be one that was too large for a push. */
    @WithDefault("134217728")
    long maxFileBytes();

    /** Files in one round. */
    @WithDefault("10")
    int filesPerRound();

    /** Versions of one organization that wait to be merged; beyond it, files are refused. */
    @WithDefault("20")
    int maxWaiting();

    /** Imported files that stay for people to look at. */
    @WithDefault("100")
    int importedKept();
}
