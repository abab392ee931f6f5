package dev.ganymede.container;

/** The container engine could not be asked, was too slow, or answered nonsense. */
public final class ContainerRuntimeException extends RuntimeException {

    public ContainerRuntimeException(String message, Throwable cause) {
        super(message, cause);
    }
}
