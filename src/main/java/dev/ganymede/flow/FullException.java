package dev.ganymede.flow;

/** A bounded queue had no place left; the caller may try again later. */
public final class FullException extends RuntimeException {

    FullException(int capacity) {
        super("queue is full (" + capacity + " waiting)");
    }
}
