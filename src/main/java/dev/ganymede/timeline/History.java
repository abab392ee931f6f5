package dev.ganymede.timeline;

import dev.ganymede.gateway.Revival;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An organization's past and present, as of one instant.
 *
 * @param queued its place among those that lost their gateway
 * @param tenancies newest first
 * @param events entries without an allocation, newest first
 */
record History(Optional<Queued> queued, PoolGlance pool, List<TenancyHistory> tenancies, List<TimelineEntry> events) {

    /** @param ahead organizations that are served before it */
    record Queued(Revival revival, int ahead) {}

    /**
     * What a waiting organization waits for.
     *
     * @param ready members that could take an organization now
     * @param creating members that are being made or replaced
     * @param trouble why the one that failed last did
     */
    record PoolGlance(int members, int ready, int creating, boolean paused, Optional<String> trouble) {}

    /** The last time a start was refused before it got a gateway. */
    Optional<TimelineEntry> lastRefusal() {
        return events.stream()
                .filter(event -> event.stage().equals(Stage.REFUSED.name()))
                .findFirst();
    }

    /** True when nothing of the newest tenancy is younger. */
    boolean sinceTheLastTenancy(Instant time) {
        return tenancies.stream()
                .findFirst()
                .flatMap(TenancyHistory::endedAt)
                .map(time::isAfter)
                .orElse(tenancies.isEmpty());
    }
}
