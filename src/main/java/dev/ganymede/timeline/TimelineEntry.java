package dev.ganymede.timeline;

import dev.ganymede.gateway.Allocation;
import dev.ganymede.id.GatewayId;
import dev.ganymede.id.Generation;
import dev.ganymede.id.OrganizationId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * One line of an organization's timeline.
 *
 * @param generation absent where no gateway was allocated, and with it the gateway
 * @param stage name of a {@link Stage}; one that this version does not know is shown as it stands
 * @param at when it was over, by the service's clock
 * @param duration absent where it was not measured
 * @param failure absent: it went well
 */
record TimelineEntry(
        OrganizationId organization,
        Optional<Generation> generation,
        Optional<GatewayId> gateway,
        String stage,
        Instant at,
        Optional<Duration> duration,
        Optional<String> failure) {

    private static final int MAX_FAILURE_CHARACTERS = 500;

    static TimelineEntry of(
            Allocation allocation, Stage stage, Instant at, Optional<Duration> duration, Optional<String> failure) {
        return new TimelineEntry(
                allocation.organization(),
                Optional.of(allocation.generation()),
                Optional.of(allocation.gateway()),
                stage.name(),
                at,
                duration,
                failure.map(TimelineEntry::oneLine));
    }

    static TimelineEntry of(OrganizationId organization, Stage stage, Instant at, String reason) {
        return new TimelineEntry(
                organization,
                Optional.empty(),
                Optional.empty(),
                stage.name(),
                at,
                Optional.empty(),
                Optional.ofNullable(reason).map(TimelineEntry::oneLine));
    }

    /** Bounded, and free of what PostgreSQL refuses or a terminal obeys. */
    private static String oneLine(String text) {
        String line = text.replaceAll("[\\p{Cntrl}\\p{Cs}\\s]+", " ").strip();
        return line.length() <= MAX_FAILURE_CHARACTERS ? line : line.substring(0, MAX_FAILURE_CHARACTERS - 1) + "…";
    }
}
