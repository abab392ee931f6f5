package dev.ganymede.allocation;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Settings of serving organizations again that lost their gateway. */
@ConfigMapping(prefix = "ganymede.failover")
public interface FailoverConfig {

    /** Starts for the queue at the same time. */
    @WithDefault("8")
    int parallel();

    /** Gateways that an organization may lose within a minute and still be served again at once. */
    @WithDefault("5")
    int lossesPerMinute();

    /** How long an organization waits that loses more. */
    @WithDefault("30S")
    Duration rest();

    /** Longest pause between two attempts that failed; the first is a second, each one twice the one before. */
    @WithDefault("30S")
    Duration longestPause();
}
