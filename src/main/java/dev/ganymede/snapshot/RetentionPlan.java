package dev.ganymede.snapshot;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Versions of one organization that are not kept, the oldest of each reason first.
 *
 * @param outdated the rules of age don't keep them
 * @param surplus beyond the number of versions
 * @param overQuota their blobs have to give way
 * @param next when time alone makes the next version outdated; empty: never
 */
record RetentionPlan(List<Long> outdated, List<Long> surplus, List<Long> overQuota, Optional<Instant> next) {

    /** All of them, the oldest first. */
    List<Long> retired() {
        return Stream.of(outdated, surplus, overQuota)
                .flatMap(List::stream)
                .sorted()
                .toList();
    }
}
