package dev.ganymede.timeline;

import dev.ganymede.gateway.Revival;
import dev.ganymede.id.OrganizationId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Answer of {@code GET /organizations/{id}/timeline}: at a glance, then in detail, newest first. */
@Schema(name = "Timeline")
record TimelineBody(
        UUID organizationId,
        Verdict.Status status,
        @Schema(examples = "Served by gw-pool-1 since 2026-11-21T12:03:04Z, generation 7.") String explanation,
        @Schema(nullable = true) Queued queued,
        List<Tenancy> tenancies,
        List<Event> events) {

    /** Its place in the queue of those that lost their gateway; null when it does not wait. */
    @Schema(name = "TimelineQueued")
    record Queued(
            Instant since, int ahead, int attempts, @Schema(nullable = true) String lastFailure, Instant notBefore) {

        static Queued of(History.Queued queued) {
            Revival revival = queued.revival();
            return new Queued(
                    revival.queuedAt(),
                    queued.ahead(),
                    revival.attempts(),
                    revival.lastFailure().orElse(null),
                    revival.notBefore());
        }
    }

    /** One tenancy; the gateway's name is null when it has left the pool. */
    @Schema(name = "TimelineTenancy")
    record Tenancy(
            long generation,
            UUID gatewayId,
            @Schema(nullable = true) String gatewayName,
            String state,
            Instant startedAt,
            @Schema(nullable = true) Instant servingAt,
            @Schema(nullable = true) Instant endedAt,
            @Schema(nullable = true) String endedReason,
            @Schema(nullable = true, description = "from the allocation to the proof through the edge")
                    Double startDurationMs,
            List<StageBody> stages) {

        static Tenancy of(TenancyHistory tenancy) {
            return new Tenancy(
                    tenancy.generation().value(),
                    tenancy.gateway().value(),
                    tenancy.gatewayName().orElse(null),
                    tenancy.state().name(),
                    tenancy.startedAt(),
                    tenancy.servingAt().orElse(null),
                    tenancy.endedAt().orElse(null),
                    tenancy.endedReason().map(Enum::name).orElse(null),
                    tenancy.startDuration().map(TimelineBody::milliseconds).orElse(null),
                    tenancy.stages().stream().map(StageBody::of).toList());
        }
    }

    /** A stage; the duration is null where it was not measured, the failure where it went well. */
    @Schema(name = "TimelineStage")
    record StageBody(
            @Schema(implementation = Stage.class) String stage,
            Instant at,
            @Schema(nullable = true) Double durationMs,
            @Schema(nullable = true) String failure) {

        static StageBody of(TimelineEntry entry) {
            return new StageBody(
                    entry.stage(),
                    entry.at(),
                    entry.duration().map(TimelineBody::milliseconds).orElse(null),
                    entry.failure().orElse(null));
        }
    }

    /** What happened without an allocation. */
    @Schema(name = "TimelineEvent")
    record Event(
            @Schema(implementation = Stage.class) String stage, Instant at, @Schema(nullable = true) String failure) {

        static Event of(TimelineEntry entry) {
            return new Event(entry.stage(), entry.at(), entry.failure().orElse(null));
        }
    }

    static TimelineBody of(OrganizationId organization, History history, Instant now) {
        Verdict verdict = Verdict.of(history, now);
        return new TimelineBody(
                organization.value(),
                verdict.status(),
                verdict.explanation(),
                history.queued().map(Queued::of).orElse(null),
                history.tenancies().stream().map(Tenancy::of).toList(),
                history.events().stream().map(Event::of).toList());
    }

    private static double milliseconds(Duration duration) {
        return duration.toNanos() / 1_000 / 1_000.0;
    }
}
