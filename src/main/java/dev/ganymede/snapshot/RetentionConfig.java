package dev.ganymede.snapshot;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What of an organization's history is kept. */
@ConfigMapping(prefix = "ganymede.retention")
public interface RetentionConfig {

    /** From one share of the work to the next. */
    Duration every();

    /** Every version stays for so long. */
    @WithDefault("1H")
    Duration keepAll();

    /** The last version of each hour stays for so long. */
    @WithDefault("1D")
    Duration keepHourly();

    /** The last version of each day stays for so long. */
    @WithDefault("30D")
    Duration keepDaily();

    /** Versions of one organization, at most. */
    @WithDefault("1000")
    int versions();
}
