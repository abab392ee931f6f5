package dev.ganymede.snapshot;

import io.vertx.core.buffer.Buffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** SHA-256 of a blob's bytes: its name in the store. */
final class Sha256 implements Comparable<Sha256> {

    private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

    private final byte[] bytes;

    private Sha256(byte[] bytes) {
        this.bytes = bytes;
    }

    /** The 32 bytes, as they are stored. */
    static Sha256 of(byte[] hash) {
        if (hash.length != 32) {
            throw new IllegalArgumentException("a SHA-256 has 32 bytes, not " + hash.length);
        }
        return new Sha256(hash.clone());
    }

    /** Lower-case hexadecimal, and nothing else. */
    static Sha256 parse(String hex) {
        if (hex == null || !HEX.matcher(hex).matches()) {
            throw new IllegalArgumentException("not the hexadecimal form of a SHA-256");
        }
        return new Sha256(HexFormat.of().parseHex(hex));
    }

    static Sha256 hash(byte[] content) {
        return new Sha256(digest().digest(content));
    }

    /** For content that comes in pieces. */
    static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    byte[] bytes() {
        return bytes.clone();
    }

    /** As a parameter of a statement. */
    Buffer buffer() {
        return Buffer.buffer(bytes);
    }

    String hex() {
        return HexFormat.of().formatHex(bytes);
    }

    @Override
    public int compareTo(Sha256 other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Sha256 sha256 && Arrays.equals(bytes, sha256.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return hex();
    }
}
