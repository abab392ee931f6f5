package dev.ganymede.dns.powerdns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganymede.dns.DnsChallenges;
import dev.ganymede.dns.DnsChallengesContract;
import dev.ganymede.dns.HostAddress;
import dev.ganymede.id.OrganizationId;
import io.vertx.mutiny.core.Vertx;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The challenges on Debian's PowerDNS; answers are asked for over the wire. */
class PowerDnsChallengesIT extends DnsChallengesContract {

    private static final HostAddress HERE = new HostAddress("127.0.0.7");

    @TempDir
    static Path directory;

    private static Vertx vertx;
    private static PowerDnsServer server;
    private static PowerDnsZone zone;
    private static DnsQuery dns;

    @BeforeAll
    static void start() throws Exception {
        vertx = Vertx.vertx();
        server = new PowerDnsServer(directory);
        dns = new DnsQuery(server.dnsPort());
        zone = new PowerDnsZone(server.config(Map.of()), DOMAIN, vertx);
        get(zone.ensure());
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
        vertx.closeAndAwait();
    }

    /** The reconciler compares and withdraws; neither may see or remove a challenge under way. */
    @Test
    void challengesAndAddressesOfAnOrganizationLeaveEachOtherAlone() {
        OrganizationId organization = new OrganizationId(UUID.randomUUID());
        String name = DOMAIN.organization(organization);
        get(zone.present(name, Set.of("value")));
        assertThat(get(zone.published())).doesNotContainKey(organization);

        get(zone.publish(organization, HERE));
        get(zone.ensure());
        get(zone.withdraw(organization));

        assertThat(values(name)).containsExactly("value");
        get(zone.clear(name));
    }

    @Test
    void recordsOfOthersAreNotFound() {
        String foreign = "_acme-challenge.www." + DOMAIN.name() + ".";
        RrSet rrset = new RrSet(foreign, "TXT", List.of("\"theirs\""), false);
        get(new PowerDnsClient(vertx, server.config(Map.of()))
                .patch(DOMAIN.name() + ".", List.of(rrset.replace(60)), () -> {}));

        assertThat(get(zone.standing())).isEmpty();
    }

    @Override
    protected DnsChallenges challenges() {
        return zone;
    }

    @Override
    protected Set<String> values(String name) {
        return dns.texts("_acme-challenge." + name);
    }
}
