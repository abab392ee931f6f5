package dev.ganymede.pool;

import dev.ganymede.gateway.Gateway;
import dev.ganymede.gateway.GatewayState;
import dev.ganymede.gateway.OccupiedGateway;
import dev.ganymede.gateway.Tenancy;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The pool's status: answer of {@code GET /gateway/pool}. */
@Schema(name = "Pool")
record PoolBody(
        String environment,
        int desired,
        int buffer,
        int min,
        int max,
        @Schema(description = "Organizations that lost their gateway and wait for another one") int queued,
        boolean paused,
        @Schema(nullable = true) Instant pausedSince,
        @Schema(nullable = true) String pausedReason,
        @Schema(nullable = true, description = "Id of the image that new containers get; null: as configured")
                String image,
        Totals totals,
        @Schema(nullable = true) RolloutBody rollout,
        List<Member> gateways) {

    static PoolBody of(String environment, PoolObservation seen, List<OccupiedGateway> members) {
        PoolSettings settings = seen.settings();
        PoolSize size = settings.size();
        Totals totals = Totals.of(members);
        return new PoolBody(
                environment,
                size.desired(totals.allocated(), settings.queued()),
                size.buffer(),
                size.min(),
                size.max(),
                settings.queued(),
                settings.pause().isPresent(),
                settings.pause().map(PoolSettings.Pause::since).orElse(null),
                settings.pause().flatMap(PoolSettings.Pause::reason).orElse(null),
                seen.rollout().flatMap(Rollout::target).orElse(null),
                totals,
                RolloutBody.of(seen).orElse(null),
                members.stream().map(Member::of).toList());
    }

    /** Members by state. */
    @Schema(name = "PoolTotals")
    record Totals(long total, long creating, long starting, long ready, long allocated, long unhealthy, long removing) {

        static Totals of(List<OccupiedGateway> gateways) {
            return new Totals(
                    gateways.size(),
                    count(gateways, GatewayState.Name.CREATING),
                    count(gateways, GatewayState.Name.STARTING),
                    count(gateways, GatewayState.Name.READY),
                    count(gateways, GatewayState.Name.ALLOCATED),
                    count(gateways, GatewayState.Name.UNHEALTHY),
                    count(gateways, GatewayState.Name.REMOVING));
        }

        private static long count(List<OccupiedGateway> gateways, GatewayState.Name state) {
            return gateways.stream()
                    .filter(occupied -> occupied.gateway().state().name() == state)
                    .count();
        }
    }

    /** One member; organization, generation and allocation_state are null while it serves nobody. */
    @Schema(name = "PoolMember")
    record Member(
            UUID gatewayId,
            String name,
            String node,
            String state,
            Instant stateSince,
            int httpPort,
            int vpnPort,
            @Schema(nullable = true) UUID organizationId,
            @Schema(nullable = true) Long generation,
            @Schema(nullable = true) String allocationState,
            @Schema(nullable = true) String containerId,
            @Schema(nullable = true) String reason,
            boolean cordoned,
            boolean recycle,
            @Schema(description = "Lives in a row that came to nothing") int failures,
            @Schema(nullable = true, description = "No new container before") Instant retryAt,
            @Schema(nullable = true, description = "Id of its image; null: as configured") String image) {

        static Member of(OccupiedGateway occupied) {
            Gateway gateway = occupied.gateway();
            return new Member(
                    gateway.id().value(),
                    gateway.name(),
                    gateway.node(),
                    gateway.state().name().name(),
                    gateway.state().since(),
                    gateway.member().httpPort(),
                    gateway.member().vpnPort(),
                    occupied.tenancy()
                            .map(tenancy -> tenancy.organization().value())
                            .orElse(null),
                    occupied.tenancy()
                            .map(tenancy -> tenancy.generation().value())
                            .orElse(null),
                    occupied.tenancy().map(Tenancy::state).map(Enum::name).orElse(null),
                    gateway.containerId().orElse(null),
                    gateway.reason().orElse(null),
                    gateway.orders().cordoned(),
                    gateway.orders().recycle(),
                    gateway.setbacks().count(),
                    gateway.setbacks().notBefore().orElse(null),
                    gateway.image().orElse(null));
        }
    }
}
