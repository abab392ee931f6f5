package dev.ganymede.edge;

/** The edge could not be changed or asked; what it served before, it still serves. */
public class EdgeException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public EdgeException(String message, Throwable cause) {
        super(message, cause);
    }

    public EdgeException(String message) {
        super(message);
    }
}
