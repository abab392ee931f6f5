package dev.ganymede.certificate;

import java.time.Instant;

/**
 * A private key and the certificates that go with it, leaf first.
 *
 * @param keyPem PKCS#8, PEM; secret
 */
public record KeyAndChain(String keyPem, String chainPem, Instant notAfter) {

    @Override
    public String toString() {
        return "KeyAndChain[notAfter=" + notAfter + "]";
    }
}
