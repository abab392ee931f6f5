package dev.ganymede.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ganymede.world.FixedClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocalCertificateAuthorityTest {

    private static final List<String> NAMES = List.of("domain.local", "*.domain.local");

    @TempDir
    Path directory;

    private final FixedClock clock = new FixedClock(Instant.parse("2026-03-01T12:00:00Z"));

    @Test
    void issuesWhatAJavaClientBelieves() throws Exception {
        KeyAndChain issued = issue(NAMES);
        X509Certificate leaf = Pem.certificate(issued.chainPem());
        Pkix.verify(leaf, root(), clock.instant());
        assertThat(leaf.getSubjectAlternativeNames().stream().map(entry -> entry.get(1)))
                .isEqualTo(List.of("domain.local", "*.domain.local"));
        assertThat(leaf.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
        assertThat(leaf.getBasicConstraints()).isEqualTo(-1);
        assertThat(Signing.belongTogether(Pem.privateKey(issued.keyPem()), leaf))
                .isTrue();
    }

    @Test
    void validityIsWithinWhatBrowsersAccept() throws Exception {
        X509Certificate leaf = Pem.certificate(issue(NAMES).chainPem());
        Duration validity = Duration.between(
                leaf.getNotBefore().toInstant(), leaf.getNotAfter().toInstant());
        assertThat(validity).isEqualTo(Duration.ofDays(397));
        assertThat(leaf.getNotBefore().toInstant()).isBefore(clock.instant());
    }

    @Test
    void theSameNamesGetTheSameCertificateAlsoAfterARestart() {
        KeyAndChain first = issue(NAMES);
        assertThat(issue(NAMES)).isEqualTo(first);
        assertThat(Answers.issued(authority(), NAMES)).isEqualTo(first);
    }

    @Test
    void otherNamesGetAnother() {
        assertThat(issue(NAMES)).isNotEqualTo(issue(List.of("domain.local")));
    }

    @Test
    void serialsAreNeverTheSame() throws Exception {
        X509Certificate one = Pem.certificate(issue(List.of("a.domain.local")).chainPem());
        X509Certificate other = Pem.certificate(issue(List.of("b.domain.local")).chainPem());
        assertThat(one.getSerialNumber()).isNotEqualTo(other.getSerialNumber()).isPositive();
    }

    @Test
    void aCertificateIsRenewedThirtyDaysBeforeItEnds() {
        KeyAndChain first = issue(NAMES);
        clock.advance(Duration.ofDays(366));
        assertThat(issue(NAMES)).isEqualTo(first);
        clock.advance(Duration.ofDays(2));
        KeyAndChain renewed = issue(NAMES);
        assertThat(renewed.notAfter()).isAfter(first.notAfter());
        assertThat(issue(NAMES)).isEqualTo(renewed);
    }

    /** The shortest that is taken does not end where every look issues another one. */
    @Test
    void theShortestValidityIsRenewedOnceADay() {
        Duration renewBefore = Duration.ofDays(1);
        LocalCertificateAuthority shortest =
                new LocalCertificateAuthority(directory, Duration.ofHours(49), renewBefore, clock);
        KeyAndChain first = Answers.issued(shortest, NAMES);
        clock.advance(Duration.ofHours(23));
        assertThat(Answers.issued(shortest, NAMES)).isEqualTo(first);
        clock.advance(Duration.ofHours(2));
        assertThat(Answers.issued(shortest, NAMES)).isNotEqualTo(first);
    }

    @ParameterizedTest
    @CsvSource({"PT720H, PT720H", "PT721H, PT720H", "PT744H, PT720H", "PT1H, PT0S", "PT720H, PT23H"})
    void aValidityThatWouldBeRenewedAtOnceIsRefused(Duration validity, Duration renewBefore) {
        assertThatThrownBy(() -> new LocalCertificateAuthority(directory, validity, renewBefore, clock))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ganymede.certificate.renew-before");
    }

    @Test
    void nearTheAuthoritysOwnEndACertificateIsKeptRatherThanIssuedAgainAndAgain() throws Exception {
        root();
        clock.advance(Duration.ofDays(3640));
        KeyAndChain last = issue(NAMES);
        assertThat(last.notAfter()).isEqualTo(root().getNotAfter().toInstant());
        assertThat(issue(NAMES)).isEqualTo(last);
    }

    @Test
    void aNewAuthorityReplacesWhatTheOldOneIssued() throws Exception {
        KeyAndChain old = issue(NAMES);
        Files.delete(directory.resolve(RootStore.CERTIFICATE));
        KeyAndChain fresh = issue(NAMES);
        assertThat(fresh).isNotEqualTo(old);
        Pkix.verify(Pem.certificate(fresh.chainPem()), root(), clock.instant());
    }

    @Test
    void aTruncatedFileIsIssuedAnew() throws Exception {
        KeyAndChain first = issue(NAMES);
        Files.writeString(directory.resolve(new DnsNames(NAMES).fileName()), "-----BEGIN PRIV");
        assertThat(issue(NAMES)).isNotEqualTo(first);
    }

    @Test
    void aCertificateWithAnothersKeyIsIssuedAnew() throws Exception {
        KeyAndChain first = issue(NAMES);
        KeyAndChain other = issue(List.of("other.domain.local"));
        Files.writeString(directory.resolve(new DnsNames(NAMES).fileName()), other.keyPem() + first.chainPem());
        assertThat(issue(NAMES).keyPem()).isNotEqualTo(other.keyPem());
    }

    @Test
    void keysAreReadableByTheirOwnerOnly() throws Exception {
        issue(NAMES);
        for (String file : List.of(RootStore.KEY, new DnsNames(NAMES).fileName())) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(file))))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void leavesNoTemporaryFilesBehind() throws Exception {
        issue(NAMES);
        try (var files = Files.list(directory)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(".lock", "rootCA.pem", "rootCA-key.pem", new DnsNames(NAMES).fileName());
        }
    }

    @Test
    void namesThatAreNoneAreRefused() {
        for (String name : List.of("", "../../etc/passwd", "a;reload", "*.*.domain.local", "A.local", "x..local")) {
            assertThatThrownBy(() -> issue(List.of(name))).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> issue(List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    private KeyAndChain issue(List<String> names) {
        return Answers.issued(authority(), names);
    }

    private X509Certificate root() throws Exception {
        return Pem.certificate(authority().rootPem().await().indefinitely());
    }

    private LocalCertificateAuthority authority() {
        return new LocalCertificateAuthority(directory, Duration.ofDays(397), Duration.ofDays(30), clock);
    }
}
