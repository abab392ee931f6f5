package dev.ganymede.allocation;

import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * Answer of {@code POST /gateway/start}.
 *
 * @param accessToken for the member that was named, and for this allocation only; null when nobody was named
 * @param expiresAt of the access token; a new one comes with the next start, which joins this one
 */
@Schema(name = "StartedGateway")
record StartBody(
        UUID organizationId,
        UUID gatewayId,
        @Schema(examples = "org-0b9b2c9e-3f0a-4c55-9c1c-2f5e6a7d8e90.domain.local") String gatewayHostname,
        long generation,
        @Schema(examples = "SERVING") String state,
        @Schema(examples = "wss://org-0b9b2c9e-3f0a-4c55-9c1c-2f5e6a7d8e90.domain.local/collab") String websocketUrl,
        @Schema(nullable = true) String accessToken,
        @Schema(nullable = true) Instant expiresAt) {

    @Override
    public String toString() {
        return "StartBody[organization=" + organizationId + ", generation=" + generation + "]";
    }
}
