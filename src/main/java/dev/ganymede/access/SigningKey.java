package dev.ganymede.access;

import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;

/** The P-256 key pair that signs access tokens (ES256): the private half stays in its file, gateways get the public half. */
@Startup
@ApplicationScoped
public class SigningKey {

    private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();
    private static final int COORDINATE_BYTES = 32;

    private final PrivateKey privateKey;
    private final Jwk publicKey;

    SigningKey(AccessConfig config) {
        String[] lines = SecretFile.readOrCreate(config.signingKeyFile(), SigningKey::generate)
                .split("\n");
        if (lines.length != 2) {
            throw new IllegalStateException(config.signingKeyFile() + " is damaged: two lines are expected");
        }
        try {
            KeyFactory keys = KeyFactory.getInstance("EC");
            this.privateKey = keys.generatePrivate(
                    new PKCS8EncodedKeySpec(Base64.getDecoder().decode(lines[0])));
            this.publicKey = jwk((ECPublicKey) keys.generatePublic(
                    new X509EncodedKeySpec(Base64.getDecoder().decode(lines[1]))));
        } catch (GeneralSecurityException | IllegalArgumentException damaged) {
            throw new IllegalStateException(config.signingKeyFile() + " is damaged", damaged);
        }
    }

    /** Public half as a JSON Web Key (RFC 7517). */
    public record Jwk(String kty, String crv, String x, String y, String kid, String alg, String use) {}

    /** What gateways verify with. */
    public Jwk publicKey() {
        return publicKey;
    }

    PrivateKey privateKey() {
        return privateKey;
    }

    /** Two lines of base64: PKCS#8 private key, X.509 public key. */
    private static String generate() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            Base64.Encoder base64 = Base64.getEncoder();
            return base64.encodeToString(pair.getPrivate().getEncoded()) + "\n"
                    + base64.encodeToString(pair.getPublic().getEncoded()) + "\n";
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every JDK has P-256", impossible);
        }
    }

    private static Jwk jwk(ECPublicKey key) throws GeneralSecurityException {
        byte[] fingerprint = MessageDigest.getInstance("SHA-256").digest(key.getEncoded());
        return new Jwk(
                "EC",
                "P-256",
                coordinate(key.getW().getAffineX()),
                coordinate(key.getW().getAffineY()),
                BASE64URL.encodeToString(Arrays.copyOf(fingerprint, 12)),
                "ES256",
                "sig");
    }

    private static String coordinate(BigInteger value) {
        byte[] bytes = value.toByteArray();
        byte[] fixed = new byte[COORDINATE_BYTES];
        int length = Math.min(bytes.length, COORDINATE_BYTES);
        System.arraycopy(bytes, bytes.length - length, fixed, COORDINATE_BYTES - length, length);
        return BASE64URL.encodeToString(fixed);
    }
}
