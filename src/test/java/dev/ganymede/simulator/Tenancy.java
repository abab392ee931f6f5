package dev.ganymede.simulator;

import io.vertx.core.json.JsonObject;

/** Whom a simulated gateway serves. */
record Tenancy(String organization, String gateway, long generation, String token, int projects) {

    /** From the answer of {@code /gateway/config}. */
    static Tenancy read(JsonObject configuration) {
        return new Tenancy(
                configuration.getString("organization_id"),
                configuration.getString("gateway_id"),
                configuration.getLong("generation"),
                configuration.getString("gateway_token"),
                configuration.getJsonArray("projects").size());
    }

    JsonObject ids() {
        return new JsonObject().put("organization_id", organization).put("gateway_id", gateway);
    }
}
