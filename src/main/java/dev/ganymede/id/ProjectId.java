package dev.ganymede.id;

import java.util.UUID;

/** Identity of one project. */
public record ProjectId(UUID value) {

    public ProjectId {
        if (value == null) {
            throw new IllegalArgumentException("project id is missing");
        }
    }

    /** Accepts the canonical textual form only. */
    public static ProjectId parse(String text) {
        return new ProjectId(CanonicalUuid.parse(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
