package dev.ganymede.pool;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Settings of the probes that find gateways which hang. */
@ConfigMapping(prefix = "ganymede.health")
public interface HealthConfig {

    /** From one round of probes to the next. */
    Duration every();

    /** One gateway's time to answer. */
    @WithDefault("1S")
    Duration timeout();

    /** Misses in a row that make a gateway lost. */
    @WithDefault("3")
    int misses();

    /** Gateways that one round asks; the next round goes on. */
    @WithDefault("100")
    int perRound();

    /** Gateways that are asked at the same time. */
    @WithDefault("32")
    int parallel();
}
