package dev.ganymede.dns.powerdns;

import dev.ganymede.dns.DnsChallenges;
import dev.ganymede.id.Domain;
import io.vertx.mutiny.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/** A real PowerDNS with a zone, for tests of other packages. */
public final class TestPowerDns implements AutoCloseable {

    private final Vertx vertx = Vertx.vertx();
    private final PowerDnsServer server;
    private final PowerDnsZone zone;

    public TestPowerDns(Path directory, Domain domain) throws Exception {
        server = new PowerDnsServer(directory);
        zone = new PowerDnsZone(server.config(Map.of()), domain, vertx);
        zone.ensure().await().atMost(Duration.ofSeconds(30));
    }

    public DnsChallenges challenges() {
        return zone;
    }

    /** What whoever asks the server is told. */
    public Set<String> texts(String name) {
        return new DnsQuery(server.dnsPort()).texts(name);
    }

    public int port() {
        return server.dnsPort();
    }

    @Override
    public void close() throws IOException {
        server.close();
        vertx.closeAndAwait();
    }
}
