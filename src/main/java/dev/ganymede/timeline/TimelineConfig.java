package dev.ganymede.timeline;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Settings of the timeline. */
@ConfigMapping(prefix = "ganymede.timeline")
public interface TimelineConfig {

    /** Age at which entries are removed. */
    @WithDefault("30D")
    Duration keep();

    /** Newest entries of one organization that stay; a fifth of them may be such without an allocation. */
    @WithDefault("500")
    int keepPerOrganization();

    /** Entries that may wait for the database; beyond it the oldest are dropped. */
    @WithDefault("10000")
    int waitingLimit();
}
