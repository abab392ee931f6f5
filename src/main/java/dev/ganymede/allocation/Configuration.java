package dev.ganymede.allocation;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.ganymede.access.AccessTokens;
import dev.ganymede.gateway.Allocation;
import dev.ganymede.organization.Profile;
import dev.ganymede.secret.Secret;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * Answer of {@code /gateway/config}: all that a gateway needs to serve one organization (seed 004 "Existing handshake flow", step 5).
 *
 * @param gatewayToken secret; given once, absent from a refresh
 */
@Schema(name = "GatewayConfiguration")
record Configuration(
        UUID organizationId,
        String organizationName,
        UUID gatewayId,
        @JsonInclude(JsonInclude.Include.NON_NULL) String gatewayToken,
        long generation,
        List<Room> projects,
        List<Person> members,
        AccessTokens.Verification accessTokens) {

    /** A project: one document room. */
    @Schema(name = "GatewayProject")
    record Room(UUID id, String name, boolean active) {}

    /** A member. */
    @Schema(name = "GatewayMember")
    record Person(UUID userId, String name, String role) {}

    static Configuration of(
            Allocation allocation, Profile profile, Secret gatewayToken, AccessTokens.Verification accessTokens) {
        return new Configuration(
                allocation.organization().value(),
                profile.name(),
                allocation.gateway().value(),
                gatewayToken == null ? null : gatewayToken.value(),
                allocation.generation().value(),
                profile.projects().stream()
                        .map(project -> new Room(project.id().value(), project.name(), project.active()))
                        .toList(),
                profile.members().stream()
                        .map(member -> new Person(
                                member.user().value(),
                                member.name(),
                                member.role().name().toLowerCase(Locale.ROOT)))
                        .toList(),
                accessTokens);
    }

    @Override
    public String toString() {
        return "Configuration[organization=" + organizationId + ", generation=" + generation + "]";
    }
}
