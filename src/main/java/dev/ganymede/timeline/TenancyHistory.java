package dev.ganymede.timeline;

import dev.ganymede.gateway.AllocationState;
import dev.ganymede.gateway.EndReason;
import dev.ganymede.id.GatewayId;
import dev.ganymede.id.Generation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One tenancy and its stages. The times are those of the allocation; stages that nobody wrote are absent.
 *
 * @param gatewayName absent when that gateway has left the pool
 * @param handshakeUntil a start that is not serving by then is over
 * @param stages oldest first
 */
record TenancyHistory(
        Generation generation,
        GatewayId gateway,
        Optional<String> gatewayName,
        AllocationState.Name state,
        Instant startedAt,
        Instant handshakeUntil,
        Optional<Instant> servingAt,
        Optional<Instant> endedAt,
        Optional<EndReason> endedReason,
        List<TimelineEntry> stages) {

    /** What callers know the gateway by. */
    String gatewayText() {
        return gatewayName.orElseGet(gateway::toString);
    }

    /** From the allocation to the proof. */
    Optional<Duration> startDuration() {
        return servingAt.map(serving -> Duration.between(startedAt, serving));
    }

    /** The last stage that went well. */
    Optional<TimelineEntry> reached() {
        return last(stages.stream().filter(stage -> stage.failure().isEmpty()).toList());
    }

    /** The last stage that did not. */
    Optional<TimelineEntry> failed() {
        return last(stages.stream().filter(stage -> stage.failure().isPresent()).toList());
    }

    private static Optional<TimelineEntry> last(List<TimelineEntry> some) {
        return some.isEmpty() ? Optional.empty() : Optional.of(some.get(some.size() - 1));
    }
}
