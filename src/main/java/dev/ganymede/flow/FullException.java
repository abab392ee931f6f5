package dev.ganymede.flow;

/** A bounded place was full; the caller may try again later. */
public final class FullException extends RuntimeException {

    FullException(int capacity) {
        super("full: " + capacity + " are waiting or under way");
    }
}
