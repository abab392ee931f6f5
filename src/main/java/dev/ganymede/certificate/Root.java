package dev.ganymede.certificate;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;

/** The authority itself: its key (secret) and its certificate, which clients trust. */
record Root(PrivateKey key, X509Certificate certificate) {

    private static final Duration VALIDITY = Duration.ofDays(3650);

    /** A new authority, EC P-256, for leaf certificates only. */
    static Root create(Instant now) throws GeneralSecurityException, IOException {
        KeyPair pair = Signing.newKeyPair();
        var serial = Signing.newSerial();
        // browsers confuse authorities of one name and different keys, and every environment has its own
        var name = new X500Principal(
                "CN=Ganymede local CA " + serial.toString(16).substring(0, 8) + ", O=Ganymede development CA");
        Date from = Date.from(now.minus(Duration.ofHours(1)));
        Date to = Date.from(now.plus(VALIDITY));
        var builder = new JcaX509v3CertificateBuilder(name, serial, from, to, name, pair.getPublic());
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
        builder.addExtension(
                Extension.subjectKeyIdentifier,
                false,
                new JcaX509ExtensionUtils().createSubjectKeyIdentifier(pair.getPublic()));
        return new Root(pair.getPrivate(), Signing.sign(builder, pair.getPrivate()));
    }

    @Override
    public String toString() {
        return "Root[" + certificate.getSubjectX500Principal() + "]";
    }
}
