package dev.ganymede.pool;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Settings of the pool. */
@ConfigMapping(prefix = "ganymede.pool")
public interface PoolConfig {

    /** Members that the pool has at least, unless operators have changed it. */
    @WithDefault("3")
    int min();

    /** Members that it has at most, unless operators have changed it. */
    @WithDefault("100")
    int max();

    /** Gateways kept ready beyond those in use, unless operators have changed it. */
    @WithDefault("1")
    int buffer();

    /** How long there must have been too many members before idle ones leave. */
    @WithDefault("5M")
    Duration coolDown();

    /** Name of the node that this process puts gateways on. */
    @WithDefault("local")
    String node();

    /** A new container's time to call {@code /gateway/ready}. */
    @WithDefault("60S")
    Duration readyTimeout();

    /** A leaving container's time to end by itself. */
    @WithDefault("5S")
    Duration removeGrace();

    /** A serving gateway's time to push and leave when it is drained or recycled. */
    @WithDefault("30S")
    Duration moveGrace();

    /** Containers that are made or removed at the same time. */
    @WithDefault("4")
    int parallelActions();

    /** Serving gateways that are emptied at the same time. */
    @WithDefault("4")
    int parallelMoves();

    /** Containers that one look lets be made; the next look goes on. */
    @WithDefault("16")
    int creationsPerLook();

    /** Other places that one creation tries when a name or port is taken. */
    @WithDefault("20")
    int placeAttempts();

    /** Lives on a new image that may come to nothing before its rollout is stopped. */
    @WithDefault("2")
    int rolloutSetbacks();
}
