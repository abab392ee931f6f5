package dev.ganymede.certificate;

import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.stream.Collectors;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** The public authorities that this Java trusts, as every visitor does. */
final class SystemAuthorities {

    private SystemAuthorities() {}

    static String pem() {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init((KeyStore) null);
            return Arrays.stream(factory.getTrustManagers())
                    .filter(X509TrustManager.class::isInstance)
                    .flatMap(manager -> Arrays.stream(((X509TrustManager) manager).getAcceptedIssuers()))
                    .map((X509Certificate authority) -> Pem.of(authority))
                    .collect(Collectors.joining());
        } catch (GeneralSecurityException e) {
            throw new CertificateException("the system's authorities cannot be read", e);
        }
    }
}
