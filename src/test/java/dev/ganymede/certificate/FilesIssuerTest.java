package dev.ganymede.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganymede.world.FixedClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilesIssuerTest {

    private static final String NAME = "org-0b0e5bd1-43a4-4a0e-9c11-6a4e6a3b1f11.domain.local";
    private static final List<String> NAMES = List.of(NAME, "*." + NAME);
    private static final Duration A_MOMENT = Duration.ofMinutes(1);

    @TempDir
    Path root;

    private final FixedClock clock = new FixedClock(Instant.parse("2026-03-01T12:00:00Z"));
    private Path supplied;
    private FilesIssuer issuer;

    @BeforeEach
    void directory() throws IOException {
        supplied = Files.createDirectory(root.resolve("supplied"));
        issuer = new FilesIssuer(supplied, clock);
    }

    @Test
    void keyAndChainMayBeOneFileOrTwo() throws IOException {
        KeyAndChain one = certificate(NAMES, 100);
        Files.writeString(supplied.resolve("one.pem"), one.keyPem() + one.chainPem());
        assertThat(Answers.issued(issuer, NAMES)).isEqualTo(one);

        KeyAndChain two = certificate(NAMES, 200);
        Files.writeString(supplied.resolve("two.key"), two.keyPem());
        Files.writeString(supplied.resolve("two.crt"), two.chainPem());
        clock.advance(A_MOMENT);
        assertThat(Answers.issued(issuer, NAMES)).as("ends last").isEqualTo(two);
    }

    @Test
    void aWildcardCoversOneLabel() throws IOException {
        supply("wildcard.pem", certificate(List.of("domain.local", "*.domain.local"), 100));

        assertThat(Answers.issued(issuer, List.of("domain.local", "*.domain.local"))
                        .chainPem())
                .isNotEmpty();
        assertThat(Answers.issued(issuer, List.of(NAME)).chainPem()).isNotEmpty();
        Answers.assertNotYet(issuer, NAMES);
    }

    @Test
    void oneCertificateMayBeForManyOrganizations() throws IOException {
        String other = NAME.replace("0b0e", "1111");
        supply("all.pem", certificate(List.of(NAME, "*." + NAME, other, "*." + other), 100));

        assertThat(Answers.issued(issuer, NAMES)).isEqualTo(Answers.issued(issuer, List.of(other, "*." + other)));
    }

    @Test
    void whatHasEndedIsNotHandedOut() throws IOException {
        supply("short.pem", certificate(NAMES, 10));
        assertThat(Answers.issued(issuer, NAMES)).isNotNull();

        clock.advance(Duration.ofDays(11));
        Answers.assertNotYet(issuer, NAMES);
    }

    @Test
    void aNewFileIsPickedUpAndToldOf() throws IOException {
        List<Optional<String>> told = new ArrayList<>();
        issuer.whenChanged(told::add);
        Answers.assertNotYet(issuer, NAMES);
        supply("late.pem", certificate(NAMES, 100));
        Answers.assertNotYet(issuer, NAMES);
        assertThat(told).isEmpty();

        clock.advance(A_MOMENT);
        assertThat(Answers.issued(issuer, NAMES)).isNotNull();
        assertThat(told).containsExactly(Optional.empty());

        clock.advance(A_MOMENT);
        assertThat(Answers.issued(issuer, NAMES)).isNotNull();
        assertThat(told).hasSize(1);
    }

    @Test
    void aBadFileIsNamedWithItsProblemAndHarmsNoOther() throws IOException {
        KeyAndChain good = certificate(NAMES, 100);
        KeyAndChain other = certificate(NAMES, 200);
        supply("good.pem", good);
        Files.writeString(supplied.resolve("mixed.pem"), good.keyPem() + other.chainPem());
        Files.writeString(supplied.resolve("disorder.pem"), other.keyPem() + other.chainPem() + good.chainPem());
        Files.writeString(supplied.resolve("nothing.pem"), "nothing");
        Files.writeString(supplied.resolve("keyless.crt"), other.chainPem());
        Files.writeString(supplied.resolve("notes.txt"), "not looked at");

        assertThat(Answers.issued(issuer, NAMES)).isEqualTo(good);
        assertThat(new SuppliedDirectory(supplied).read().problems())
                .containsOnlyKeys("mixed.pem", "disorder.pem", "nothing.pem", "keyless.crt")
                .containsEntry("mixed.pem", "the key is not that of the first certificate")
                .containsEntry("disorder.pem", "certificate 1 is not signed by the one after it")
                .containsEntry("keyless.crt", "there is no keyless.key");
    }

    @Test
    void aMissingDirectoryIsAProblemAndNoFailure() {
        Path missing = root.resolve("missing");

        Answers.assertNotYet(new FilesIssuer(missing, clock), NAMES);
        assertThat(new SuppliedDirectory(missing).read().problems()).hasSize(1);
    }

    @Test
    void theLocalAuthorityStandsInForTheEnvironmentsOwnNamesOnly() throws IOException {
        List<String> own = List.of("domain.local", "*.domain.local");
        LocalCertificateAuthority local =
                new LocalCertificateAuthority(root.resolve("ca"), Duration.ofDays(397), Duration.ofDays(30), clock);
        Path trusted = Files.writeString(root.resolve("trusted.pem"), "more\n");
        CertificateIssuer whole =
                new StandInIssuer(issuer, local, names -> names.get(0).equals("domain.local"), Optional.of(trusted));

        assertThat(Answers.issued(whole, own)).isEqualTo(Answers.issued(local, own));
        Answers.assertNotYet(whole, NAMES);
        assertThat(whole.rootPem().await().indefinitely())
                .contains("BEGIN CERTIFICATE")
                .endsWith("more\n");
        assertThat(whole.trustedPem().await().indefinitely()).hasSizeGreaterThan(10_000);

        KeyAndChain supplied = certificate(own, 50);
        supply("own.pem", supplied);
        clock.advance(A_MOMENT);
        assertThat(Answers.issued(whole, own)).isEqualTo(supplied);
    }

    private void supply(String file, KeyAndChain content) throws IOException {
        Files.writeString(supplied.resolve(file), content.keyPem() + content.chainPem());
    }

    private KeyAndChain certificate(List<String> names, int days) {
        Path authority = root.resolve("elsewhere-" + days);
        return Answers.issued(
                new LocalCertificateAuthority(authority, Duration.ofDays(days), Duration.ofDays(1), clock), names);
    }
}
