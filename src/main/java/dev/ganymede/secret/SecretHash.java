package dev.ganymede.secret;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * SHA-256 of a secret: what is stored, looked up and compared. Our secrets have 256 random bits, so no salt or stretching is needed; finding one by an index on
 * its hash tells an attacker nothing about the secret itself.
 */
public final class SecretHash {

    private final byte[] sha256;

    private SecretHash(byte[] sha256) {
        this.sha256 = sha256;
    }

    /** Hash of what a caller presented. */
    public static SecretHash of(String presented) {
        try {
            return new SecretHash(
                    MessageDigest.getInstance("SHA-256").digest(presented.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    /** The 32 bytes. */
    public byte[] bytes() {
        return sha256.clone();
    }

    /** Compares in constant time. */
    public boolean matches(String presented) {
        return MessageDigest.isEqual(sha256, of(presented).sha256);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SecretHash hash && MessageDigest.isEqual(sha256, hash.sha256);
    }

    @Override
    public int hashCode() {
        return (sha256[0] & 0xff) << 24 | (sha256[1] & 0xff) << 16 | (sha256[2] & 0xff) << 8 | sha256[3] & 0xff;
    }

    @Override
    public String toString() {
        return "SecretHash[hidden]";
    }
}
