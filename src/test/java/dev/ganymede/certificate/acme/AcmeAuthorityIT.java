package dev.ganymede.certificate.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ganymede.certificate.KeyPairFile;
import dev.ganymede.certificate.OrderException;
import dev.ganymede.certificate.OrderException.Kind;
import dev.ganymede.dns.DnsChallenges;
import dev.ganymede.dns.DnsException;
import dev.ganymede.dns.powerdns.TestPowerDns;
import dev.ganymede.id.Domain;
import dev.ganymede.id.OrganizationId;
import io.smallrye.mutiny.Uni;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The adapter on Debian's pebble, which asks Debian's PowerDNS for every proof. */
class AcmeAuthorityIT {

    private static final Domain DOMAIN = new Domain("acme.it.local");
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    static Path root;

    private static TestPowerDns dns;
    private static Pebble pebble;

    private final String name = DOMAIN.organization(new OrganizationId(UUID.randomUUID()));
    private final List<String> names = List.of(name, "*." + name);
    private final Watched challenges = new Watched(dns.challenges());
    private final AcmeAuthority authority = authority();

    @BeforeAll
    static void start() throws Exception {
        dns = new TestPowerDns(Files.createDirectory(root.resolve("dns")), DOMAIN);
        pebble = new Pebble(Files.createDirectory(root.resolve("pebble")), dns.port());
    }

    @AfterAll
    static void stop() throws Exception {
        pebble.close();
        dns.close();
    }

    @Test
    void aNameAndTheWildcardBelowItAreProvenAtOnePlaceAndCertified() throws Exception {
        URI order = get(authority.place(names));
        get(authority.prove(order));
        String pem = get(authority.finish(order, names, keys()));

        assertThat(challenges.presented.get(name))
                .as("both values stood there at once")
                .hasSize(2);
        assertThat(dns.texts("_acme-challenge." + name)).isEmpty();
        X509Certificate leaf = verified(pem);
        assertThat(leaf.getPublicKey()).isEqualTo(keys().getPublic());
        assertThat(leaf.getSubjectAlternativeNames().stream().map(entry -> (String) entry.get(1)))
                .containsExactlyInAnyOrderElementsOf(names);
    }

    @Test
    void theEnvironmentsOwnNamesAreCertifiedToo() throws Exception {
        List<String> own = List.of(DOMAIN.name(), "*." + DOMAIN.name());
        URI order = get(authority.place(own));
        get(authority.prove(order));

        verified(get(authority.finish(order, own, keys())));
    }

    /** Each step by a process of its own, which knows the order's address and the keys and nothing else. */
    @Test
    void whoIsKilledBetweenTwoStepsGoesOn() throws Exception {
        URI order = get(authority.place(names));
        get(authority().prove(order));
        get(authority().prove(order));
        String pem = get(authority().finish(order, names, keys()));
        String again = get(authority().finish(order, names, keys()));

        assertThat(again).isEqualTo(pem);
    }

    @Test
    void aWrongAnswerKillsTheOrderAndLeavesNothingInTheZone() {
        challenges.wrong = true;
        URI order = get(authority.place(names));

        OrderException refused = refusal(authority.prove(order));

        assertThat(refused.kind()).isEqualTo(Kind.REFUSED);
        assertThat(refused).hasMessageContaining(name);
        assertThat(dns.texts("_acme-challenge." + name)).isEmpty();
        assertThat(refusal(authority.prove(order)).kind()).isEqualTo(Kind.REFUSED);
        assertThat(refusal(authority.finish(order, names, keys())).kind()).isEqualTo(Kind.REFUSED);
    }

    @Test
    void aZoneThatCannotBeChangedLeavesTheOrderAsItIs() throws Exception {
        challenges.broken = true;
        URI order = get(authority.place(names));
        assertThat(refusal(authority.prove(order)).kind()).isEqualTo(Kind.UNREACHABLE);

        challenges.broken = false;
        get(authority.prove(order));
        verified(get(authority.finish(order, names, keys())));
    }

    @Test
    void whatAKilledOrderLeftInTheZoneIsRemoved() {
        String killed = DOMAIN.organization(new OrganizationId(UUID.randomUUID()));
        get(dns.challenges().present(killed, Set.of("left-behind")));
        get(dns.challenges().present(name, Set.of("under-way")));

        get(authority.clearProofs(Set.of(name)));

        assertThat(dns.texts("_acme-challenge." + killed)).isEmpty();
        assertThat(dns.texts("_acme-challenge." + name)).containsExactly("under-way");
        get(authority.clearProofs(Set.of()));
        assertThat(get(dns.challenges().standing())).isEmpty();
    }

    @Test
    void theAccountsKeyIsForItsOwnerOnlyAndIsUsedAgain() throws Exception {
        get(authority.place(names));
        Path key = root.resolve("acme-account.key");
        String text = Files.readString(key);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                .isEqualTo("rw-------");

        get(authority().place(names));
        assertThat(Files.readString(key)).isEqualTo(text);
    }

    @Test
    void nothingIsOrderedBeforeTheTermsAreAccepted() {
        AcmeConfig config =
                AcmeSettings.with(Map.of("directory", pebble.acmeDirectory().toString()));

        OrderException refused = refusal(authority(config).place(names));

        assertThat(refused.kind()).isEqualTo(Kind.ACCOUNT);
        assertThat(refused).hasMessageContaining("accept-terms");
    }

    @Test
    void anAuthorityMayWantToKnowWhoseCustomerWeAre() throws Exception {
        String key = "zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W";
        Path directory = Files.createDirectory(root.resolve("with-customers"));
        try (Pebble strict = new Pebble(directory, dns.port(), Map.of("customer-1", key))) {
            Map<String, String> settings =
                    Map.of("directory", strict.acmeDirectory().toString(), "accept-terms", "true");
            Map<String, String> ours = new HashMap<>(settings);
            ours.putAll(Map.of("external-account.key-id", "customer-1", "external-account.hmac-key", key));

            assertThat(refusal(authority(settings, directory, strict).place(names))
                            .kind())
                    .isEqualTo(Kind.ACCOUNT);
            assertThat(get(authority(ours, directory, strict).place(names))).isNotNull();
        }
    }

    private AcmeAuthority authority(Map<String, String> settings, Path directory, Pebble pebble) {
        return new AcmeAuthority(AcmeSettings.with(settings), directory, Optional.of(pebble.trustFile()), challenges);
    }

    private AcmeAuthority authority() {
        return authority(AcmeSettings.of(pebble.acmeDirectory()));
    }

    private AcmeAuthority authority(AcmeConfig config) {
        return new AcmeAuthority(config, root, Optional.of(pebble.trustFile()), challenges);
    }

    private KeyPair keys() {
        return new KeyPairFile(root.resolve(name + ".key")).loadOrCreate();
    }

    private static X509Certificate verified(String pem) throws Exception {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        Collection<X509Certificate> anchors = certificates(factory, pebble.roots());
        List<X509Certificate> chain = List.copyOf(certificates(factory, pem));
        PKIXParameters parameters =
                new PKIXParameters(Set.of(new TrustAnchor(anchors.iterator().next(), null)));
        parameters.setRevocationEnabled(false);
        CertPathValidator.getInstance("PKIX").validate(factory.generateCertPath(chain), parameters);
        return chain.get(0);
    }

    @SuppressWarnings("unchecked")
    private static Collection<X509Certificate> certificates(CertificateFactory factory, String pem) throws Exception {
        return (Collection<X509Certificate>)
                factory.generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
    }

    private static OrderException refusal(Uni<?> step) {
        return catchThrowableOfType(OrderException.class, () -> get(step));
    }

    private static <T> T get(Uni<T> step) {
        return step.await().atMost(LIMIT);
    }

    /** The zone, which remembers what stood in it and may be told to fail. */
    private static final class Watched implements DnsChallenges {

        private final DnsChallenges zone;
        private final Map<String, Set<String>> presented = new ConcurrentHashMap<>();
        private volatile boolean wrong;
        private volatile boolean broken;

        Watched(DnsChallenges zone) {
            this.zone = zone;
        }

        @Override
        public Uni<Void> present(String name, Set<String> values) {
            if (broken) {
                return Uni.createFrom().failure(new DnsException("no zone today"));
            }
            return zone.present(name, wrong ? Set.of("wrong") : values)
                    .invoke(() -> presented.put(name, dns.texts("_acme-challenge." + name)));
        }

        @Override
        public Uni<Void> clear(String name) {
            return zone.clear(name);
        }

        @Override
        public Uni<Set<String>> standing() {
            return zone.standing();
        }
    }
}
