package dev.ganymede.pool;

import dev.ganymede.gateway.Gateway;
import dev.ganymede.gateway.GatewayState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A rolling upgrade and how far it is: answer of {@code GET /gateway/pool/upgrade}. */
@Schema(name = "Rollout")
record RolloutBody(
        String image,
        String imageId,
        Rollout.State state,
        @Schema(nullable = true) String reason,
        Instant beganAt,
        @Schema(nullable = true) Instant endedAt,
        long upgraded,
        Remaining remaining,
        @Schema(nullable = true) String waitingFor) {

    /** Members with another image. */
    @Schema(name = "RolloutRemaining")
    record Remaining(long ready, long allocated, long other) {

        static Remaining of(List<Gateway> outdated) {
            long ready = count(outdated, GatewayState.Name.READY);
            long allocated = count(outdated, GatewayState.Name.ALLOCATED);
            return new Remaining(ready, allocated, outdated.size() - ready - allocated);
        }

        private static long count(List<Gateway> gateways, GatewayState.Name state) {
            return gateways.stream()
                    .filter(gateway -> gateway.state().name() == state)
                    .count();
        }
    }

    /** Of the newest rollout, if there ever was one. */
    static Optional<RolloutBody> of(PoolObservation seen) {
        return seen.rollout().map(rollout -> {
            List<Gateway> outdated = seen.gateways().stream()
                    .filter(RolloutPlanner.outdated(rollout))
                    .toList();
            return new RolloutBody(
                    rollout.image(),
                    rollout.imageId(),
                    rollout.state(),
                    rollout.reason().orElse(null),
                    rollout.beganAt(),
                    rollout.endedAt().orElse(null),
                    seen.gateways().size() - outdated.size(),
                    Remaining.of(outdated),
                    RolloutPlanner.waitingFor(seen).orElse(null));
        });
    }
}
