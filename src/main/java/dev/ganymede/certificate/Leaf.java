package dev.ganymede.certificate;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;

/** A server's key (secret) and certificate. */
record Leaf(PrivateKey key, X509Certificate certificate) {

    /** RFC 5280's type number of a DNS name among the subject's alternative names. */
    private static final int DNS_NAME = 2;

    /** For visitors whose clock is behind; taken from the validity. */
    static final Duration BACKDATED = Duration.ofHours(1);

    /** Issues a certificate for these names; it never outlives the authority. */
    static Leaf issue(Root root, DnsNames names, Instant now, Duration validity)
            throws GeneralSecurityException, IOException {
        KeyPair pair = Signing.newKeyPair();
        Instant authorityEnds = root.certificate().getNotAfter().toInstant();
        Instant from = now.minus(BACKDATED);
        Instant wanted = from.plus(validity);
        Instant to = wanted.isBefore(authorityEnds) ? wanted : authorityEnds;
        var builder = new JcaX509v3CertificateBuilder(
                root.certificate().getSubjectX500Principal(),
                Signing.newSerial(),
                Date.from(from),
                Date.from(to),
                subject(names),
                pair.getPublic());
        builder.addExtension(Extension.subjectAlternativeName, false, alternatives(names));
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
        builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
        builder.addExtension(Extension.subjectKeyIdentifier, false, identifier(pair.getPublic()));
        builder.addExtension(Extension.authorityKeyIdentifier, false, new AuthorityKeyIdentifier(identifierOf(root)));
        return new Leaf(pair.getPrivate(), Signing.sign(builder, root.key()));
    }

    /** Whether it was issued by this authority for exactly these names, and its parts belong together. */
    boolean isOf(Root root, DnsNames names) throws GeneralSecurityException {
        try {
            certificate.verify(root.certificate().getPublicKey());
        } catch (GeneralSecurityException issuedByAnother) {
            return false;
        }
        return names.values().equals(dnsNames(certificate)) && Signing.belongTogether(key, certificate);
    }

    Instant notAfter() {
        return certificate.getNotAfter().toInstant();
    }

    static List<String> dnsNames(X509Certificate certificate) throws GeneralSecurityException {
        Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
        return alternatives == null
                ? List.of()
                : alternatives.stream()
                        .filter(entry -> entry.get(0).equals(DNS_NAME))
                        .map(entry -> entry.get(1).toString())
                        .toList();
    }

    private static X500Principal subject(DnsNames names) {
        // a common name has 64 characters at most, and clients read the alternative names only
        String organization = "O=Ganymede development certificate";
        return new X500Principal(
                names.first().length() <= 64 ? "CN=" + names.first() + ", " + organization : organization);
    }

    private static GeneralNames alternatives(DnsNames names) {
        return new GeneralNames(names.values().stream()
                .map(name -> new GeneralName(GeneralName.dNSName, name))
                .toArray(GeneralName[]::new));
    }

    private static SubjectKeyIdentifier identifier(PublicKey key) throws GeneralSecurityException {
        return new JcaX509ExtensionUtils().createSubjectKeyIdentifier(key);
    }

    /** The authority's own identifier: another program may have made it, and computed it another way. */
    private static byte[] identifierOf(Root root) throws GeneralSecurityException {
        byte[] own = root.certificate().getExtensionValue(Extension.subjectKeyIdentifier.getId());
        if (own == null) {
            return identifier(root.certificate().getPublicKey()).getKeyIdentifier();
        }
        byte[] inner = ASN1OctetString.getInstance(own).getOctets();
        return SubjectKeyIdentifier.getInstance(ASN1OctetString.getInstance(inner))
                .getKeyIdentifier();
    }

    @Override
    public String toString() {
        return "Leaf[" + certificate.getSubjectX500Principal() + "]";
    }
}
