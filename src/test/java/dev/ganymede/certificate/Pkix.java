package dev.ganymede.certificate;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;

/** Verifies a chain as the JDK's TLS does. */
final class Pkix {

    private Pkix() {}

    static void verify(X509Certificate leaf, X509Certificate root, Instant at) throws GeneralSecurityException {
        verify(List.of(leaf), root, at);
    }

    static void verify(List<X509Certificate> chain, X509Certificate root, Instant at) throws GeneralSecurityException {
        PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(root, null)));
        parameters.setRevocationEnabled(false);
        parameters.setDate(Date.from(at));
        CertPathValidator.getInstance("PKIX")
                .validate(CertificateFactory.getInstance("X.509").generateCertPath(chain), parameters);
    }
}
