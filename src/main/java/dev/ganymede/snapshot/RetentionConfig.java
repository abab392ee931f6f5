package dev.ganymede.snapshot;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What of an organization's history is kept, and for how long content outlives the last version that refers to it. */
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

    /** What nobody refers to is swept when it was not used for so long: far above the time of a push or of a pull. */
    @WithDefault("1H")
    Duration grace();
}
