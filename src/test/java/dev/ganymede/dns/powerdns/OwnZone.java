package dev.ganymede.dns.powerdns;

import dev.ganymede.dns.DnsZone;
import dev.ganymede.dns.HostAddress;
import dev.ganymede.id.Domain;
import io.vertx.mutiny.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** Ganymede's own adapter for who is no part of it: the benchmark, whose class path makes no configuration mappings. */
public final class OwnZone {

    private OwnZone() {}

    /** With Ganymede's own settings, but for the time of one request: what is too slow is to be measured. */
    public static DnsZone open(Vertx vertx, String domain, URI api, String apiKey) {
        return new PowerDnsZone(new Config(new Api(api, Optional.of(apiKey))), new Domain(domain), vertx);
    }

    private record Api(URI url, Optional<String> apiKey) implements PowerDnsConfig.Server {}

    private record Config(PowerDnsConfig.Server powerdns) implements PowerDnsConfig {

        @Override
        public HostAddress hostAddress() {
            return new HostAddress("127.0.0.1");
        }

        @Override
        public int ttlSeconds() {
            return 60;
        }

        @Override
        public int negativeTtlSeconds() {
            return 5;
        }

        @Override
        public Duration timeout() {
            return Duration.ofSeconds(60);
        }

        @Override
        public int queueLimit() {
            return 10_000;
        }
    }
}
