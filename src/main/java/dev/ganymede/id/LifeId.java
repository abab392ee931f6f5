package dev.ganymede.id;

import java.util.UUID;

/** Identity of one container's life: a gateway keeps its name and ports, each container made for it is a new life. */
public record LifeId(UUID value) {

    public LifeId {
        if (value == null) {
            throw new IllegalArgumentException("life id is missing");
        }
    }

    /** Accepts the canonical textual form only. */
    public static LifeId parse(String text) {
        return new LifeId(CanonicalUuid.parse(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
