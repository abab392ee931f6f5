package dev.ganymede.container.docker;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;

/** Settings of the Docker engine and of the containers made on it. */
@ConfigMapping(prefix = "ganymede.docker")
interface DockerConfig {

    /** {@code unix:///path} or {@code tcp://host:port}. */
    @WithDefault("unix:///var/run/docker.sock")
    URI host();

    String image();

    /** Network of the gateways; made when missing, unless it is one of Docker's own. */
    String network();

    /** Named volume with the workspace, mounted read-only. */
    String workspaceVolume();

    /** Directory on the engine's machine below which each container's life gets its own. */
    Path logDirectory();

    /** Address of the engine's machine at which Ganymede and the edge reach published ports. */
    String nodeAddress();

    /** Address at which a container reaches {@code ganymede.<domain>}. */
    String ganymedeAddress();

    @WithDefault("512")
    long memoryMib();

    @WithDefault("1.0")
    BigDecimal cpus();

    @WithDefault("256")
    long pids();

    /** Size of {@code /tmp}, which lives in the container's memory. */
    @WithDefault("64")
    int tmpMib();

    /** Lives of one gateway whose log directories stay; those with rescued data always do. */
    @WithDefault("10")
    int logLivesKept();

    @WithDefault("2S")
    Duration connectTimeout();

    /** Longest silence of the engine within one request. */
    @WithDefault("20S")
    Duration requestTimeout();

    /** Longest time of one call, waiting for a thread included; above the two timeouts that it is made of. */
    @WithDefault("45S")
    Duration callTimeout();

    /** How often a call that may be repeated is made again when the engine can't be reached. */
    @WithDefault("2")
    int retries();

    @WithDefault("0.1S")
    Duration retryDelay();

    Circuit circuit();

    /** Calls that talk to the engine at once. */
    @WithDefault("4")
    int threads();

    /** Calls that may wait for a thread; more are refused. */
    @WithDefault("256")
    int queueLimit();

    /** Longest wait for a thread; a call that waited longer is not made any more. */
    @WithDefault("20S")
    Duration queueTimeout();

    /** A connection for events is made anew after so long, since streams stall without a sign. */
    @WithDefault("10M")
    Duration eventsMaxAge();

    /** When calls to an engine that doesn't answer are no longer made. */
    interface Circuit {

        /** The last calls that are looked at. */
        @WithDefault("4")
        int calls();

        /** Opens when such a share of them has failed. */
        @WithDefault("0.75")
        double failureRatio();

        /** After that, one call tries the engine again. */
        @WithDefault("1S")
        Duration delay();
    }
}
