package dev.ganymede.container;

/** The engine's own identity of a container. */
public record ContainerId(String value) {

    public ContainerId {
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException("container id is missing");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
