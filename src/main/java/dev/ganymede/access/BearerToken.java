package dev.ganymede.access;

import dev.ganymede.problem.Problem;
import dev.ganymede.problem.ProblemType;
import dev.ganymede.secret.SecretHash;

/** Reads {@code Authorization: Bearer …} (RFC 6750). */
public final class BearerToken {

    private static final String SCHEME = "Bearer ";
    private static final int MAX_LENGTH = 512;

    private BearerToken() {}

    /** Hash of the presented token; absent or malformed is a problem. */
    public static SecretHash hash(String authorization) {
        if (authorization == null
                || authorization.length() > MAX_LENGTH
                || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            throw refused();
        }
        return SecretHash.of(authorization.substring(SCHEME.length()).strip());
    }

    /** The answer to every token that does not open what it is shown to; says no more than that. */
    public static Problem refused() {
        return Problem.of(ProblemType.UNAUTHORIZED, null);
    }
}
