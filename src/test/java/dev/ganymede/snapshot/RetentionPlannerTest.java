package dev.ganymede.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganymede.snapshot.RetentionHistory.Entry;
import dev.ganymede.snapshot.RetentionHistory.Origin;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Whole plans, for histories that are written down by age. */
class RetentionPlannerTest {

    private static final Instant NOW = Instant.parse("2026-11-21T20:30:00Z");
    private static final RetentionRules RULES =
            new RetentionRules(Duration.ofHours(1), Duration.ofDays(1), Duration.ofDays(30), 1_000);

    private final List<Entry> versions = new ArrayList<>();
    private OptionalLong head = OptionalLong.empty();
    private long quotaBytes = Long.MAX_VALUE;
    private RetentionRules rules = RULES;

    @Test
    void nothingIsPlannedForNothing() {
        assertThat(plan()).isEqualTo(keepsAll(Optional.empty()));
    }

    @Test
    void theOnlyVersionStaysHoweverOldItIs() {
        stored("2020-01-01T00:00:00Z");
        assertThat(plan()).isEqualTo(keepsAll(Optional.empty()));
    }

    @Test
    void allOfTheLastHourStays() {
        stored("2026-11-21T19:30:01Z", "2026-11-21T19:40:00Z", "2026-11-21T20:10:00Z", "2026-11-21T20:20:00Z");
        assertThat(plan()).isEqualTo(keepsAll(at("2026-11-21T20:30:01Z")));
    }

    @Test
    void anHourLaterOnlyTheLastOfEachHourStays() {
        stored(
                "2026-11-21T18:10:00Z", // 1
                "2026-11-21T18:50:00Z",
                "2026-11-21T19:10:00Z", // 3
                "2026-11-21T19:29:59Z", // 4: not the last of its hour, and as old as an hour
                "2026-11-21T19:45:00Z",
                "2026-11-21T20:29:00Z");
        assertThat(plan())
                .isEqualTo(new RetentionPlan(List.of(1L, 3L, 4L), List.of(), List.of(), at("2026-11-22T18:50:00Z")));
    }

    @Test
    void aVersionIsOutdatedInTheVeryInstant() {
        stored("2026-11-21T19:30:00Z", "2026-11-21T19:45:00Z", "2026-11-21T20:15:00Z");
        assertThat(plan()).isEqualTo(new RetentionPlan(List.of(1L), List.of(), List.of(), at("2026-11-22T19:45:00Z")));
    }

    @Test
    void aDayLaterOnlyTheLastOfEachDayStays() {
        stored(
                "2026-11-19T09:00:00Z", // 1
                "2026-11-19T23:59:00Z",
                "2026-11-20T08:00:00Z", // 3
                "2026-11-20T20:31:00Z", // 4: the last of its hour, less than a day old
                "2026-11-20T22:00:00Z",
                "2026-11-21T20:00:00Z");
        assertThat(plan())
                .isEqualTo(new RetentionPlan(List.of(1L, 3L), List.of(), List.of(), at("2026-11-21T20:31:00Z")));
    }

    @Test
    void aMonthLaterNothingStaysButTheHead() {
        stored("2026-10-20T10:00:00Z", "2026-10-22T20:31:00Z", "2026-11-21T20:00:00Z");
        assertThat(plan()).isEqualTo(new RetentionPlan(List.of(1L), List.of(), List.of(), at("2026-11-21T20:31:00Z")));
    }

    @Test
    void whatWasKeptAsTheLastOfItsHourIsThereToBeTheLastOfItsDay() {
        Instant begin = NOW.minus(Duration.ofDays(3));
        for (int minute = 0; minute < 3 * 24 * 60; minute += 10) {
            Instant time = begin.plus(Duration.ofMinutes(minute));
            versions.add(new Entry(minute + 1, 0, Origin.SERVED, time, false, Map.of()));
            List<Long> retired = planner().plan(history(), time).retired();
            versions.removeIf(version -> retired.contains(version.number()));
        }
        assertThat(versions.stream().map(version -> version.storedAt().toString()))
                .startsWith(
                        "2026-11-18T23:50:00Z",
                        "2026-11-19T23:50:00Z",
                        "2026-11-20T20:50:00Z",
                        "2026-11-20T21:50:00Z",
                        "2026-11-20T22:50:00Z",
                        "2026-11-20T23:50:00Z",
                        "2026-11-21T00:50:00Z")
                .endsWith("2026-11-21T20:00:00Z", "2026-11-21T20:10:00Z", "2026-11-21T20:20:00Z");
    }

    @Test
    void theHeadStaysThoughNewerVersionsCame() {
        stored("2026-11-01T10:00:00Z", "2026-11-01T11:00:00Z", "2026-11-21T20:00:00Z");
        head = OptionalLong.of(1);
        assertThat(plan()).isEqualTo(keepsAll(at("2026-12-01T11:00:00Z")));
        head = OptionalLong.of(3);
        assertThat(plan()).isEqualTo(new RetentionPlan(List.of(1L), List.of(), List.of(), at("2026-12-01T11:00:00Z")));
    }

    @Test
    void theNewestVersionWithoutDamageStays() {
        stored("2026-11-01T10:00:00Z", "2026-11-01T11:00:00Z", "2026-11-01T12:00:00Z");
        damaged(2);
        damaged(3);
        assertThat(plan()).isEqualTo(new RetentionPlan(List.of(2L), List.of(), List.of(), Optional.empty()));
    }

    @Test
    void aDamagedVersionIsNotTheLastOfItsHourWhileThereIsAnother() {
        stored("2026-11-21T18:10:00Z", "2026-11-21T18:50:00Z", "2026-11-21T20:00:00Z");
        damaged(2);
        assertThat(plan()).isEqualTo(new RetentionPlan(List.of(2L), List.of(), List.of(), at("2026-11-22T18:10:00Z")));
    }

    @Test
    void rescuedWorkStaysUntilItIsMerged() {
        stored("2026-10-01T10:00:00Z", "2026-10-01T11:00:00Z", "2026-11-21T20:00:00Z");
        origin(1, Origin.RESCUE);
        origin(2, Origin.MERGED_RESCUE);
        assertThat(plan()).isEqualTo(new RetentionPlan(List.of(2L), List.of(), List.of(), Optional.empty()));
    }

    @Test
    void rescuedWorkOfBeforeARestoreStaysForAMonth() {
        stored("2026-10-01T10:00:00Z", "2026-11-10T10:00:00Z", "2026-11-10T11:00:00Z");
        add(Instant.parse("2026-11-21T20:00:00Z"), 1);
        origin(1, Origin.RESCUE);
        origin(2, Origin.RESCUE);
        assertThat(plan()).isEqualTo(new RetentionPlan(List.of(1L), List.of(), List.of(), at("2026-12-10T10:00:00Z")));
    }

    @Test
    void rescuedWorkDisplacesNothing() {
        stored("2026-11-21T18:10:00Z", "2026-11-21T18:50:00Z", "2026-11-21T20:00:00Z");
        origin(2, Origin.MERGED_RESCUE);
        assertThat(plan()).isEqualTo(new RetentionPlan(List.of(2L), List.of(), List.of(), at("2026-11-22T18:10:00Z")));
    }

    @Test
    void whatARestoreReplacedIsThinnedApart() {
        stored("2026-11-21T18:10:00Z", "2026-11-21T18:30:00Z");
        add(Instant.parse("2026-11-21T18:40:00Z"), 1);
        add(Instant.parse("2026-11-21T18:45:00Z"), 0);
        add(Instant.parse("2026-11-21T18:50:00Z"), 1);
        add(Instant.parse("2026-11-21T20:00:00Z"), 1);
        assertThat(plan())
                .isEqualTo(new RetentionPlan(List.of(1L, 2L, 3L), List.of(), List.of(), at("2026-11-22T18:50:00Z")));
    }

    @Test
    void beyondTheirNumberTheOldestGo() {
        rules = new RetentionRules(RULES.keepAll(), RULES.keepHourly(), RULES.keepDaily(), 3);
        stored(
                "2026-11-21T20:01:00Z",
                "2026-11-21T20:02:00Z",
                "2026-11-21T20:03:00Z",
                "2026-11-21T20:04:00Z",
                "2026-11-21T20:05:00Z");
        head = OptionalLong.of(1);
        assertThat(plan())
                .isEqualTo(new RetentionPlan(List.of(), List.of(2L, 3L), List.of(), at("2026-11-21T21:04:00Z")));
    }

    @Test
    void theOldestGiveWayToTheQuota() {
        quotaBytes = 250;
        with(1, "a", 100);
        with(2, "b", 100);
        with(3, "c", 100);
        with(4, "d", 100);
        assertThat(plan())
                .isEqualTo(new RetentionPlan(List.of(), List.of(), List.of(1L, 2L), at("2026-11-21T21:03:00Z")));
    }

    @Test
    void sharedBlobsCountOnceAndGoWithTheLastThatRefersToThem() {
        quotaBytes = 250;
        with(1, "a", 100, "b", 100);
        with(2, "a", 100, "c", 50);
        with(3, "a", 100, "d", 50);
        // a b c d: 300; without the first: a c d, 200
        assertThat(plan()).isEqualTo(new RetentionPlan(List.of(), List.of(), List.of(1L), at("2026-11-21T21:02:00Z")));
    }

    @Test
    void whatMustStayStaysBeyondTheQuota() {
        quotaBytes = 1;
        with(1, "a", 100);
        with(2, "b", 100);
        with(3, "c", 100);
        head = OptionalLong.of(2);
        assertThat(plan()).isEqualTo(new RetentionPlan(List.of(), List.of(), List.of(1L), Optional.empty()));
    }

    @Test
    void aClockThatWentBackRetiresNothing() {
        stored("2026-11-21T23:10:00Z", "2026-11-21T23:20:00Z");
        assertThat(plan()).isEqualTo(keepsAll(at("2026-11-22T00:10:00Z")));
    }

    private RetentionPlan plan() {
        return planner().plan(history(), NOW);
    }

    private RetentionPlanner planner() {
        return new RetentionPlanner(rules);
    }

    /** The newest one is the head unless a test says otherwise. */
    private RetentionHistory history() {
        OptionalLong newest = versions.stream().mapToLong(Entry::number).max();
        return new RetentionHistory(head.isPresent() ? head : newest, quotaBytes, versions);
    }

    private static RetentionPlan keepsAll(Optional<Instant> next) {
        return new RetentionPlan(List.of(), List.of(), List.of(), next);
    }

    private static Optional<Instant> at(String time) {
        return Optional.of(Instant.parse(time));
    }

    private void stored(String... times) {
        for (String time : times) {
            add(Instant.parse(time), 0);
        }
    }

    private void add(Instant storedAt, long lineage) {
        versions.add(new Entry(versions.size() + 1, lineage, Origin.SERVED, storedAt, false, Map.of()));
    }

    /** Stored in this minute of the current hour. */
    private void with(int minute, Object... blobs) {
        Map<Sha256, Long> sizes = new HashMap<>();
        for (int i = 0; i < blobs.length; i += 2) {
            sizes.put(
                    Sha256.hash(((String) blobs[i]).getBytes(StandardCharsets.UTF_8)),
                    ((Integer) blobs[i + 1]).longValue());
        }
        Instant storedAt = Instant.parse("2026-11-21T20:00:00Z").plus(Duration.ofMinutes(minute));
        versions.add(new Entry(versions.size() + 1, 0, Origin.SERVED, storedAt, false, sizes));
    }

    private void damaged(int number) {
        versions.replaceAll(version -> version.number() == number
                ? new Entry(number, version.lineage(), version.origin(), version.storedAt(), true, version.blobs())
                : version);
    }

    private void origin(int number, Origin origin) {
        versions.replaceAll(version -> version.number() == number
                ? new Entry(number, version.lineage(), origin, version.storedAt(), false, version.blobs())
                : version);
    }
}
