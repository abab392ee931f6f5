package dev.ganymede.snapshot;

import static java.util.Comparator.comparing;
import static java.util.Comparator.comparingLong;

import dev.ganymede.snapshot.RetentionHistory.Entry;
import dev.ganymede.snapshot.RetentionHistory.Origin;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Decides which versions of an organization are kept: all of the last hour, the last of each hour of a day, the last of each day of a month (or as configured), of
 * those so many; then the oldest give way until the rest fits the quota.
 *
 * <p>Some stay whatever the rules say: the head, the newest version, the newest without damage (what a pull falls back to), and rescued work that can still be
 * merged; what a restore has left behind of that stays as long as the last version of a day. Hours and days are those of UTC: a day is made of whole hours, so the last version of a day was the last of its hour before. What was pushed before a
 * restore and what came after it are thinned apart: neither displaces the other.
 */
final class RetentionPlanner {

    /** What {@link RetentionHistory#versions()} is grouped by: in each group the last one that is not damaged counts. */
    private record Span(long lineage, Instant begin) {}

    private static final Comparator<Entry> SOUND_THEN_NEWEST =
            comparing((Entry version) -> !version.damaged()).thenComparingLong(Entry::number);

    private final RetentionRules rules;

    RetentionPlanner(RetentionRules rules) {
        this.rules = rules;
    }

    RetentionPlan plan(RetentionHistory history, Instant now) {
        Set<Long> pinned = pinned(history);
        Map<Long, Instant> until = keptUntil(history.versions());
        TreeMap<Long, Entry> kept = new TreeMap<>();
        history.versions().forEach(version -> kept.put(version.number(), version));
        List<Long> outdated = kept.keySet().stream()
                .filter(number -> !pinned.contains(number) && !until.get(number).isAfter(now))
                .toList();
        outdated.forEach(kept::remove);
        List<Long> surplus = loose(kept, pinned).stream()
                .limit(Math.max(0, kept.size() - rules.versions()))
                .toList();
        surplus.forEach(kept::remove);
        List<Long> overQuota = overQuota(kept, loose(kept, pinned), history.quotaBytes());
        overQuota.forEach(kept::remove);
        Optional<Instant> next = loose(kept, pinned).stream().map(until::get).min(Comparator.naturalOrder());
        return new RetentionPlan(outdated, surplus, overQuota, next);
    }

    private static Set<Long> pinned(RetentionHistory history) {
        List<Entry> versions = history.versions();
        long lineage = versions.stream().mapToLong(Entry::lineage).max().orElse(0);
        Set<Long> pinned = versions.stream()
                .filter(version -> version.origin() == Origin.RESCUE && version.lineage() == lineage)
                .map(Entry::number)
                .collect(Collectors.toCollection(HashSet::new));
        history.head().ifPresent(pinned::add);
        versions.stream().max(comparingLong(Entry::number)).ifPresent(newest -> pinned.add(newest.number()));
        served(versions)
                .filter(version -> !version.damaged())
                .max(comparingLong(Entry::lineage).thenComparingLong(Entry::number))
                .ifPresent(sound -> pinned.add(sound.number()));
        return pinned;
    }

    private Map<Long, Instant> keptUntil(List<Entry> versions) {
        Set<Long> ofHours = lastOfEach(ChronoUnit.HOURS, versions);
        Set<Long> ofDays = lastOfEach(ChronoUnit.DAYS, versions);
        Map<Long, Instant> until = new HashMap<>();
        for (Entry version : versions) {
            Duration longest = Stream.of(
                            Optional.of(rules.keepAll()),
                            Optional.of(rules.keepHourly()).filter(any -> ofHours.contains(version.number())),
                            Optional.of(rules.keepDaily())
                                    .filter(any ->
                                            ofDays.contains(version.number()) || version.origin() == Origin.RESCUE))
                    .flatMap(Optional::stream)
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
            until.put(version.number(), version.storedAt().plus(longest));
        }
        return until;
    }

    private static Set<Long> lastOfEach(ChronoUnit unit, List<Entry> versions) {
        return served(versions)
                .collect(Collectors.toMap(
                        version ->
                                new Span(version.lineage(), version.storedAt().truncatedTo(unit)),
                        version -> version,
                        (one, other) -> SOUND_THEN_NEWEST.compare(one, other) > 0 ? one : other))
                .values()
                .stream()
                .map(Entry::number)
                .collect(Collectors.toSet());
    }

    /** Rescued work lives on in the push that merged it: it is no point in the organization's own time. */
    private static Stream<Entry> served(List<Entry> versions) {
        return versions.stream().filter(version -> version.origin() == Origin.SERVED);
    }

    /** Oldest first. */
    private static List<Long> loose(TreeMap<Long, Entry> kept, Set<Long> pinned) {
        return kept.keySet().stream().filter(number -> !pinned.contains(number)).toList();
    }

    private static List<Long> overQuota(TreeMap<Long, Entry> kept, List<Long> loose, long quotaBytes) {
        Map<Sha256, Integer> uses = uses(kept.values());
        long bytes = storedBytes(kept.values());
        List<Long> retired = new ArrayList<>();
        for (long number : loose) {
            if (bytes <= quotaBytes) {
                break;
            }
            retired.add(number);
            for (Map.Entry<Sha256, Long> blob : kept.get(number).blobs().entrySet()) {
                if (uses.merge(blob.getKey(), -1, Integer::sum) == 0) {
                    bytes -= blob.getValue();
                }
            }
        }
        return retired;
    }

    private static Map<Sha256, Integer> uses(Collection<Entry> versions) {
        Map<Sha256, Integer> uses = new HashMap<>();
        versions.forEach(version -> version.blobs().keySet().forEach(blob -> uses.merge(blob, 1, Integer::sum)));
        return uses;
    }

    private static long storedBytes(Collection<Entry> versions) {
        Map<Sha256, Long> sizes = new HashMap<>();
        versions.forEach(version -> sizes.putAll(version.blobs()));
        return sizes.values().stream().mapToLong(Long::longValue).sum();
    }
}
