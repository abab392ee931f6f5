package dev.ganymede.container.fixed;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** Settings of the agent that makes gateways. */
@ConfigMapping(prefix = "ganymede.static")
interface FixedConfig {

    /** {@code http://host:port} of the agent; needed where the runtime is {@code static}. */
    Optional<URI> agent();

    /** What the agent wants to be shown, when it does. */
    Optional<String> token();

    /** Address at which Ganymede and the edge reach the gateways' ports. */
    String nodeAddress();

    @WithDefault("2S")
    Duration connectTimeout();

    /** Longest time of one call, its answer included; the grace of a stop comes on top. */
    @WithDefault("20S")
    Duration callTimeout();

    /** Calls under way at once. */
    @WithDefault("64")
    int calls();

    /** Calls that may wait for their turn; more are refused. */
    @WithDefault("4096")
    int queueLimit();

    /** How long one question for events may stay open when nothing happens. */
    @WithDefault("20S")
    Duration eventsWait();
}
