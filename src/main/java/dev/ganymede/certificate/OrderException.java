package dev.ganymede.certificate;

import java.time.Instant;
import java.util.Optional;

/** An order did not come to its end; the message is for operators and holds no secret. */
public final class OrderException extends RuntimeException {

    /** What is to be done about it. */
    public enum Kind {
        /** The authority wants no more for now. The order stays. */
        RATE_LIMITED,
        /** The authority can't be reached or is not well. The order stays. */
        UNREACHABLE,
        /** The order is dead: a wrong answer to a challenge, a name that is not acceptable. */
        REFUSED,
        /** Nothing will be issued before an operator has done something: terms, account, settings. */
        ACCOUNT
    }

    private final Kind kind;
    private final transient Optional<Instant> retryAt;

    public OrderException(Kind kind, String message, Optional<Instant> retryAt, Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.retryAt = retryAt;
    }

    public OrderException(Kind kind, String message) {
        this(kind, message, Optional.empty(), null);
    }

    public Kind kind() {
        return kind;
    }

    /** When the authority said that it may be asked again. */
    public Optional<Instant> retryAt() {
        return retryAt;
    }
}
