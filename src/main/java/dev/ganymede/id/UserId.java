package dev.ganymede.id;

import java.util.UUID;

/** Identity of one user, who may be a member of many organizations. */
public record UserId(UUID value) {

    public UserId {
        if (value == null) {
            throw new IllegalArgumentException("user id is missing");
        }
    }

    /** Accepts the canonical textual form only. */
    public static UserId parse(String text) {
        return new UserId(CanonicalUuid.parse(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
