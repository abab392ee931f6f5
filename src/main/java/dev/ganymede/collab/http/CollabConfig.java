package dev.ganymede.collab.http;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Limits of the calls to gateways. How long one may take is said by each caller. */
@ConfigMapping(prefix = "ganymede.collab")
interface CollabConfig {

    /** Starts under way at once; as many more wait, within their own time. */
    @WithDefault("256")
    int starts();

    /** Health probes under way at once. */
    @WithDefault("64")
    int probes();

    /** Health probes that may wait for their turn. */
    @WithDefault("4096")
    int probesWaiting();
}
