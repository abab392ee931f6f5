package dev.ganymede.id;

import java.util.UUID;

/** Identity of one gateway. */
public record GatewayId(UUID value) {

    public GatewayId {
        if (value == null) {
            throw new IllegalArgumentException("gateway id is missing");
        }
    }

    /** Accepts the canonical textual form only. */
    public static GatewayId parse(String text) {
        return new GatewayId(CanonicalUuid.parse(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
