package dev.ganymede.id;

import java.util.UUID;

/** Identity of one organization. */
public record OrganizationId(UUID value) {

    public OrganizationId {
        if (value == null) {
            throw new IllegalArgumentException("organization id is missing");
        }
    }

    /** Accepts the canonical textual form only. */
    public static OrganizationId parse(String text) {
        return new OrganizationId(CanonicalUuid.parse(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
