package dev.ganymede.certificate;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/** The names of one certificate, in order; lower case, each with at most one leading {@code *.}. */
record DnsNames(List<String> values) {

    /** More than any of our certificates has; keeps a mistake from becoming a certificate. */
    private static final int MAX_NAMES = 20;

    private static final Pattern NAME =
            Pattern.compile("(\\*\\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    DnsNames {
        values = List.copyOf(values);
        if (values.isEmpty() || values.size() > MAX_NAMES) {
            throw new IllegalArgumentException("a certificate has 1 to " + MAX_NAMES + " names, not " + values.size());
        }
        for (String name : values) {
            if (name.length() > 253 || !NAME.matcher(name).matches()) {
                throw new IllegalArgumentException("not a DNS name: " + name);
            }
        }
    }

    String first() {
        return values.get(0);
    }

    /** A file name for these names: readable, and never the same for other names. */
    String fileName() {
        return first().replace("*", "_wildcard") + "-" + digest(String.join(",", values)) + ".pem";
    }

    /** A short name for a text, never the same for another one. */
    static String digest(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
