package dev.ganymede.certificate;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;

/** A local authority for tests of other packages. */
public final class TestCertificates {

    private final CertificateIssuer issuer;

    public TestCertificates(Path directory) {
        issuer = new LocalCertificateAuthority(directory, Duration.ofDays(397), Duration.ofDays(30), Clock.systemUTC());
    }

    public CertificateIssuer issuer() {
        return issuer;
    }

    public String rootPem() {
        return issuer.rootPem().await().atMost(Duration.ofSeconds(10));
    }
}
