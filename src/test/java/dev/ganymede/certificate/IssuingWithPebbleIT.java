package dev.ganymede.certificate;

import static dev.ganymede.certificate.IssuingWorld.OWN;
import static dev.ganymede.certificate.IssuingWorld.names;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ganymede.certificate.CertificateConfig.WhenSpent;
import dev.ganymede.certificate.CertificateEntry.State;
import dev.ganymede.certificate.acme.Pebble;
import dev.ganymede.certificate.acme.TestAcme;
import dev.ganymede.dns.powerdns.TestPowerDns;
import dev.ganymede.id.OrganizationId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Everything real: the queue in PostgreSQL, the proofs in PowerDNS, the authority Debian's pebble, which looks at them. */
class IssuingWithPebbleIT {

    @TempDir
    Path root;

    @Test
    void everyNameInUseGetsACertificateThatVisitorsBelieve() throws Exception {
        Path directory = Files.createDirectory(root.resolve("certificates"));
        OrganizationId organization = new OrganizationId(UUID.randomUUID());
        try (CertificateDatabase database = new CertificateDatabase();
                TestPowerDns dns = new TestPowerDns(Files.createDirectory(root.resolve("dns")), IssuingWorld.DOMAIN);
                Pebble pebble = new Pebble(Files.createDirectory(root.resolve("pebble")), dns.port())) {
            RemoteAuthority authority = TestAcme.authority(pebble, directory, dns.challenges());
            IssuingWorld world =
                    new IssuingWorld(directory, database.pool(), authority, Clock.systemUTC(), 50, WhenSpent.WAIT);
            world.allocated.add(organization);

            world.run();

            assertThat(world.inventory().count(State.ISSUED)).isEqualTo(2);
            for (List<String> names : List.of(OWN, names(organization))) {
                List<X509Certificate> chain =
                        Pem.certificates(Answers.issued(world.issuer, names).chainPem());
                Pkix.verify(
                        chain,
                        Pem.certificate(pebble.roots()),
                        Clock.systemUTC().instant());
                assertThat(dns.texts("_acme-challenge." + names.get(0))).isEmpty();
            }
        }
    }
}
