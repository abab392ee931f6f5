package dev.ganymede.id;

import java.util.UUID;

/** Identity of one allocation. */
public record AllocationId(UUID value) {

    public AllocationId {
        if (value == null) {
            throw new IllegalArgumentException("allocation id is missing");
        }
    }

    /** Accepts the canonical textual form only. */
    public static AllocationId parse(String text) {
        return new AllocationId(CanonicalUuid.parse(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
