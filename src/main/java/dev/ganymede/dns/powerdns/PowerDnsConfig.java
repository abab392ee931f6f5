package dev.ganymede.dns.powerdns;

import dev.ganymede.dns.HostAddress;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** Settings of the environment's zone and of the PowerDNS server that holds it. */
@ConfigMapping(prefix = "ganymede.dns")
interface PowerDnsConfig {

    /** The address that the environment's own names point at. */
    HostAddress hostAddress();

    /** How long resolvers keep an answer: bounds how long a moved name is wrong. */
    @WithDefault("60")
    int ttlSeconds();

    /** How long resolvers keep "no such name": bounds how long a new name stays unknown to who asked too early. */
    @WithDefault("5")
    int negativeTtlSeconds();

    /** Longest time of one request, from connecting to the last byte. */
    @WithDefault("5S")
    Duration timeout();

    /** Changes that may wait for the running one; more are refused. */
    @WithDefault("10000")
    int queueLimit();

    Server powerdns();

    /** Where PowerDNS' HTTP API is. */
    interface Server {

        URI url();

        /** Without one PowerDNS refuses every call. */
        Optional<String> apiKey();
    }
}
