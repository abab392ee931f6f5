package dev.ganymede.edge;

/** The edge could not be changed or asked; what it served before, it still serves. */
public final class EdgeException extends RuntimeException {

    public EdgeException(String message, Throwable cause) {
        super(message, cause);
    }

    public EdgeException(String message) {
        super(message);
    }
}
