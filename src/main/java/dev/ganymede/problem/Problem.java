package dev.ganymede.problem;

import java.time.Duration;

/**
 * An error that a caller is meant to see; thrown anywhere, rendered once.
 *
 * <p>Detail and field are shown as they are: never put an exception's text or a secret into them. No stack trace is taken, since
 * these are expected outcomes.
 */
public final class Problem extends RuntimeException {

    private final ProblemType type;
    private final String field;
    private final Duration retryAfter;

    private Problem(ProblemType type, String detail, String field, Duration retryAfter) {
        super(detail, null, false, false);
        this.type = type;
        this.field = field;
        this.retryAfter = retryAfter;
    }

    /** A problem of this type; the detail says what is particular about this occurrence. */
    public static Problem of(ProblemType type, String detail) {
        return new Problem(type, detail, null, null);
    }

    /** A value in the request is not acceptable. */
    public static Problem invalid(String field, String detail) {
        return new Problem(ProblemType.INVALID_REQUEST, field + ": " + detail, field, null);
    }

    /** Temporary: the caller may come again after this time. */
    public static Problem retryable(ProblemType type, String detail, Duration retryAfter) {
        return new Problem(type, detail, null, retryAfter);
    }

    /** Kind of the problem. */
    public ProblemType type() {
        return type;
    }

    /** Name of the offending field as the caller wrote it, or null. */
    public String field() {
        return field;
    }

    /** When to come again, or null. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
