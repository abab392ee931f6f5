package dev.ganymede.container;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What the program inside a container is told, on every runtime; the environment variables are the seed's. */
@ConfigMapping(prefix = "ganymede.gateway")
public interface GatewayConfig {

    @WithDefault("${GATEWAY_AUTOSAVE_SECONDS:30}")
    Duration autosave();

    /** From one sign of life to the next while it serves. */
    @WithDefault("${GATEWAY_PING_SECONDS:60}")
    Duration ping();

    @WithDefault("${GATEWAY_INACTIVITY_SHUTDOWN_SECONDS:300}")
    Duration inactivityShutdown();

    @WithDefault("${GATEWAY_DISABLE_SHUTDOWN:false}")
    boolean disableShutdown();

    /** Time to push and leave after SIGTERM. */
    @WithDefault("${GATEWAY_STOP_GRACE_SECONDS:30}")
    Duration stopGrace();
}
