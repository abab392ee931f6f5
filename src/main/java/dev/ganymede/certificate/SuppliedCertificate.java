package dev.ganymede.certificate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * A key (secret) with its certificate and those behind it, as an operator has put them somewhere; checked to belong together.
 *
 * @param names what the certificate is for, as it says itself
 */
record SuppliedCertificate(List<String> names, Instant notBefore, KeyAndChain content) {

    /** Far above any chain: something else is not read into memory. */
    private static final long MAX_SIZE_BYTES = 256 * 1024;

    /** @throws CertificateException that says what is wrong with it */
    static SuppliedCertificate read(Path keyFile, Path chainFile) {
        try {
            PrivateKey key = Pem.privateKey(text(keyFile));
            List<X509Certificate> chain = Pem.certificates(text(chainFile));
            X509Certificate leaf = chain.get(0);
            require(Signing.belongTogether(key, leaf), "the key is not that of the first certificate");
            requireOrder(chain);
            List<String> names = Leaf.dnsNames(leaf);
            require(!names.isEmpty(), "the certificate has no DNS names");
            String chainPem = String.join("", chain.stream().map(Pem::of).toList());
            Instant notAfter = leaf.getNotAfter().toInstant();
            return new SuppliedCertificate(
                    names, leaf.getNotBefore().toInstant(), new KeyAndChain(Pem.of(key), chainPem, notAfter));
        } catch (IOException | GeneralSecurityException e) {
            throw new CertificateException(e.getMessage() == null ? "it cannot be read" : e.getMessage(), e);
        }
    }

    boolean covers(List<String> wanted) {
        return wanted.stream().allMatch(name -> names.contains(name) || names.contains(wildcardOver(name)));
    }

    boolean isValidAt(Instant time) {
        return !time.isBefore(notBefore) && time.isBefore(notAfter());
    }

    Instant notAfter() {
        return content.notAfter();
    }

    /** A wildcard stands for one label, and never for another wildcard. */
    private static String wildcardOver(String name) {
        return name.startsWith("*.") ? name : "*" + name.substring(name.indexOf('.'));
    }

    private static void requireOrder(List<X509Certificate> chain) {
        for (int position = 0; position + 1 < chain.size(); position++) {
            try {
                chain.get(position).verify(chain.get(position + 1).getPublicKey());
            } catch (GeneralSecurityException e) {
                throw new CertificateException(
                        "certificate " + (position + 1) + " is not signed by the one after it", e);
            }
        }
    }

    private static String text(Path file) throws IOException {
        require(Files.size(file) <= MAX_SIZE_BYTES, "it is too large");
        return Files.readString(file, StandardCharsets.ISO_8859_1);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new CertificateException(otherwise);
        }
    }
}
