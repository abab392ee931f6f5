package dev.ganymede.secret;

import java.security.SecureRandom;
import java.util.Base64;

/** A bearer secret in the clear, on its way to the one who may have it; never logged, never stored. */
public record Secret(String value) {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int SIZE_BYTES = 32;

    /** 256 random bits, base64url without padding. */
    public static Secret random() {
        byte[] bytes = new byte[SIZE_BYTES];
        RANDOM.nextBytes(bytes);
        return new Secret(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    /** What is stored of it. */
    public SecretHash hash() {
        return SecretHash.of(value);
    }

    @Override
    public String toString() {
        return "Secret[hidden]";
    }
}
