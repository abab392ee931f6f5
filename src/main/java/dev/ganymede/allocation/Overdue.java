package dev.ganymede.allocation;

import dev.ganymede.gateway.Allocation;
import dev.ganymede.id.AllocationId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Who is past a deadline, and has stayed so for a grace in which they could have been heard. Deadlines pass as well while Ganymede, its database or the edge are
 * away: nobody is to blame for that silence. Not thread-safe.
 */
final class Overdue {

    private final Duration grace;
    private Map<AllocationId, Instant> since = Map.of();

    Overdue(Duration grace) {
        this.grace = grace;
    }

    /**
     * Those whose grace is over.
     *
     * @param overdue all that are past their deadline now
     * @param hearing whether they could have been heard lately; if not, every grace begins anew
     */
    List<Allocation> due(List<Allocation> overdue, boolean hearing, Instant now) {
        if (!hearing) {
            since = Map.of();
            return List.of();
        }
        Map<AllocationId, Instant> seen = new HashMap<>();
        overdue.forEach(allocation -> seen.put(allocation.id(), since.getOrDefault(allocation.id(), now)));
        since = seen;
        return overdue.stream()
                .filter(allocation -> !now.isBefore(seen.get(allocation.id()).plus(grace)))
                .collect(Collectors.toUnmodifiableList());
    }
}
