package dev.ganymede.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ganymede.world.FixedClock;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RootStoreTest {

    @TempDir
    Path directory;

    private final FixedClock clock = new FixedClock(Instant.parse("2026-03-01T12:00:00Z"));

    @Test
    void theSecondLoadFindsTheFirstOnesAuthority() {
        assertThat(store().load().certificate()).isEqualTo(store().load().certificate());
    }

    @Test
    void manyAtOnceMakeOneAuthority() throws Exception {
        var executor = Executors.newFixedThreadPool(8);
        try {
            List<Future<Root>> roots = executor.invokeAll(Collections.nCopies(8, () -> store().load()));
            for (Future<Root> root : roots) {
                assertThat(root.get().certificate())
                        .isEqualTo(roots.get(0).get().certificate());
            }
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void killedBetweenKeyAndCertificateItIsMadeAnew() throws Exception {
        store().load();
        Files.delete(directory.resolve(RootStore.CERTIFICATE));
        Root root = store().load();
        assertThat(Signing.belongTogether(root.key(), root.certificate())).isTrue();
        assertThat(store().load().certificate()).isEqualTo(root.certificate());
    }

    @Test
    void aDirectoryOfMkcertServes() throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance("RSA").generateKeyPair();
        X509Certificate certificate = selfSigned(pair);
        Files.writeString(directory.resolve("rootCA-key.pem"), Pem.of(pair.getPrivate()));
        Files.writeString(directory.resolve("rootCA.pem"), Pem.of(certificate));
        issueAndVerify(certificate);
    }

    @Test
    void aKeyInTheOlderPkcs1FormServes() throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance("RSA").generateKeyPair();
        X509Certificate certificate = selfSigned(pair);
        try (var writer = new JcaPEMWriter(Files.newBufferedWriter(directory.resolve("rootCA-key.pem")))) {
            writer.writeObject(pair.getPrivate());
        }
        Files.writeString(directory.resolve("rootCA.pem"), Pem.of(certificate));
        assertThat(Files.readString(directory.resolve("rootCA-key.pem"))).contains("BEGIN RSA PRIVATE KEY");
        issueAndVerify(certificate);
    }

    @Test
    void aCertificateWithoutItsKeyIsSaidClearly() throws Exception {
        store().load();
        Files.delete(directory.resolve(RootStore.KEY));
        assertThatThrownBy(() -> store().load()).hasMessageContaining("stands without rootCA-key.pem");
    }

    @Test
    void aKeyOfAnotherAuthorityIsRefused() throws Exception {
        store().load();
        Files.writeString(
                directory.resolve(RootStore.KEY), Pem.of(Signing.newKeyPair().getPrivate()));
        assertThatThrownBy(() -> store().load()).hasMessageContaining("is not the key of rootCA.pem");
    }

    private void issueAndVerify(X509Certificate authority) throws Exception {
        Root root = store().load();
        assertThat(root.certificate()).isEqualTo(authority);
        Leaf leaf =
                Leaf.issue(root, new DnsNames(List.of("*.org-1.domain.local")), clock.instant(), Duration.ofDays(397));
        Pkix.verify(leaf.certificate(), authority, clock.instant());
        assertThat(leaf.notAfter()).isBeforeOrEqualTo(authority.getNotAfter().toInstant());
    }

    private X509Certificate selfSigned(KeyPair pair) throws Exception {
        var name = new X500Principal("O=mkcert development CA");
        Instant now = clock.instant();
        var builder = new JcaX509v3CertificateBuilder(
                name,
                BigInteger.TEN,
                Date.from(now.minusSeconds(60)),
                Date.from(now.plus(Duration.ofDays(100))),
                name,
                pair.getPublic());
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
        return Signing.sign(builder, pair.getPrivate());
    }

    private RootStore store() {
        return new RootStore(directory, clock);
    }
}
