package dev.ganymede.pool;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Settings of the pool. */
@ConfigMapping(prefix = "ganymede.pool")
public interface PoolConfig {

    /** Members that the pool has. */
    @WithDefault("3")
    int size();

    /** Members that it may ever have. */
    @WithDefault("100")
    int maxSize();

    /** Name of the node that this process puts gateways on. */
    @WithDefault("local")
    String node();

    /** A new container's time to call {@code /gateway/ready}. */
    @WithDefault("60S")
    Duration readyTimeout();

    /** A leaving container's time to end by itself. */
    @WithDefault("5S")
    Duration removeGrace();

    /** Containers that are made or removed at the same time. */
    @WithDefault("4")
    int parallelActions();

    /** Other places that one creation tries when a name or port is taken. */
    @WithDefault("20")
    int placeAttempts();
}
