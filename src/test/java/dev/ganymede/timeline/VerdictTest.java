package dev.ganymede.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganymede.gateway.AllocationState;
import dev.ganymede.gateway.EndReason;
import dev.ganymede.gateway.Revival;
import dev.ganymede.id.GatewayId;
import dev.ganymede.id.Generation;
import dev.ganymede.id.OrganizationId;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class VerdictTest {

    private static final OrganizationId ORGANIZATION = OrganizationId.parse("0b9b2c9e-3f0a-4c55-9c1c-2f5e6a7d8e90");
    private static final GatewayId GATEWAY = new GatewayId(UUID.fromString("5f0c0000-0000-4000-8000-000000000001"));
    private static final History.PoolGlance POOL_READY = pool(3, 2, 0, null);

    static Stream<Arguments> tenancies() {
        return Stream.of(
                row("nothing ever happened", history(), "NEVER_STARTED", "Never started."),
                row(
                        "the only start was refused",
                        history(event("REFUSED", 5, "no gateway is ready")),
                        "NEVER_STARTED",
                        "Never started; the last start was refused at 2026-11-21T12:05:00Z: no gateway is ready."),
                row(
                        "serving",
                        history(serving(3)),
                        "SERVING",
                        "Served by gw-pool-1 since 2026-11-21T12:03:00Z, generation 7."),
                row(
                        "serving by a gateway that left the pool's table",
                        history(nameless(serving(3))),
                        "SERVING",
                        "Served by 5f0c0000-0000-4000-8000-000000000001 since 2026-11-21T12:03:00Z, generation 7."),
                row(
                        "a refusal from before the tenancy is history",
                        history(serving(3), event("REFUSED", 1, "no gateway is ready")),
                        "SERVING",
                        "Served by gw-pool-1 since 2026-11-21T12:03:00Z, generation 7."),
                row(
                        "starting, nothing written yet",
                        history(handshaking(30)),
                        "STARTING",
                        "Starting on gw-pool-1 since 2026-11-21T12:00:00Z."),
                row(
                        "starting, some stages on",
                        history(handshaking(30, stage("ALLOCATED"), stage("REDEEMED"))),
                        "STARTING",
                        "Starting on gw-pool-1 since 2026-11-21T12:00:00Z, has reached REDEEMED."),
                row(
                        "starting, one stage failed",
                        history(handshaking(30, failure("PUBLISHED", "PowerDNS is away"), stage("REDEEMED"))),
                        "STARTING",
                        "Starting on gw-pool-1 since 2026-11-21T12:00:00Z: PUBLISHED failed, PowerDNS is away."),
                row(
                        "a start whose process was killed",
                        history(handshaking(4)),
                        "STARTING",
                        "Starting on gw-pool-1 since 2026-11-21T12:00:00Z, but its time was over at"
                                + " 2026-11-21T12:04:00Z: it is about to be given up."),
                row(
                        "the last start failed, and said why",
                        history(failed(
                                4, EndReason.PUBLISH_FAILED, failure("PUBLISHED", "names could not be published"))),
                        "STOPPED",
                        "The last start failed at 2026-11-21T12:04:00Z: names could not be published."),
                row(
                        "the last start failed, nobody wrote why",
                        history(failed(4, EndReason.HANDSHAKE_EXPIRED)),
                        "STOPPED",
                        "The last start failed at 2026-11-21T12:04:00Z: it was not up in its time."),
                row(
                        "left by itself",
                        history(stopped(4, EndReason.STOPPED_BY_GATEWAY)),
                        "STOPPED",
                        "Stopped by its gateway at 2026-11-21T12:04:00Z, after inactivity or because it was asked to"
                                + " leave."),
                row(
                        "stopped, then refused",
                        history(
                                stopped(4, EndReason.STOPPED_BY_GATEWAY),
                                event("REFUSED", 6, "no gateway is ready"),
                                event("REFUSED", 5, "an older reason")),
                        "STOPPED",
                        "Stopped by its gateway at 2026-11-21T12:04:00Z, after inactivity or because it was asked to"
                                + " leave; since then, the last start was refused at 2026-11-21T12:06:00Z: no gateway"
                                + " is ready."),
                row(
                        "refused, then stopped",
                        history(stopped(4, EndReason.SILENT), event("REFUSED", 1, "no gateway is ready")),
                        "STOPPED",
                        "Stopped at 2026-11-21T12:04:00Z: its gateway gave no sign of life."));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void tenancies(String name, History history, Verdict expected) {
        assertThat(Verdict.of(history, minute(10))).isEqualTo(expected);
    }

    static Stream<Arguments> queue() {
        return Stream.of(
                row(
                        "no gateway is ready, and why none becomes it",
                        queued(0, 0, null, 0, pool(3, 0, 1, "image gateway:2 is missing")),
                        "no gateway is ready (3 members, 0 ready, 1 creating: 'image gateway:2 is missing')."),
                row(
                        "no gateway is ready because somebody paused the pool",
                        queued(0, 0, null, 0, new History.PoolGlance(3, 0, 0, true, Optional.empty())),
                        "no gateway is ready (3 members, 0 ready, 0 creating, the pool is paused)."),
                row(
                        "others are ahead",
                        queued(2, 0, null, 0, POOL_READY),
                        "2 organizations are ahead of it (3 members, 2 ready, 0 creating)."),
                row("its turn", queued(1, 0, null, 0, POOL_READY), "it is its turn."),
                row(
                        "a failed attempt, the next one later",
                        queued(0, 1, "names could not be published", 11, POOL_READY),
                        "one attempt failed (names could not be published), the next attempt is at"
                                + " 2026-11-21T12:11:00Z."),
                row(
                        "failed attempts, the next one now",
                        queued(0, 2, "no answer", 10, POOL_READY),
                        "it is its turn, after 2 attempts failed (no answer)."));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void queue(String name, History history, Verdict expected) {
        assertThat(Verdict.of(history, minute(10))).isEqualTo(expected);
    }

    @Test
    void aStartOutOfTheQueueIsAStart() {
        History queued = queued(0, 1, null, 0, POOL_READY);
        History history = new History(queued.queued(), POOL_READY, List.of(handshaking(30)), List.of());
        assertThat(Verdict.of(history, minute(10)).status()).isEqualTo(Verdict.Status.STARTING);
    }

    @ParameterizedTest
    @EnumSource(EndReason.class)
    void everyReasonHasWords(EndReason reason) {
        assertThat(Verdict.inWords(reason)).isNotBlank().doesNotContain("_");
    }

    private static Arguments row(String name, History history, String status, String explanation) {
        return Arguments.of(name, history, new Verdict(Verdict.Status.valueOf(status), explanation));
    }

    private static Arguments row(String name, History history, String waitsFor) {
        return row(
                name,
                history,
                "QUEUED",
                "Waiting for a gateway since 2026-11-21T12:04:00Z, because its gateway was lost: " + waitsFor);
    }

    private static History history(TenancyHistory tenancy, TimelineEntry... events) {
        return new History(Optional.empty(), POOL_READY, List.of(tenancy), List.of(events));
    }

    private static History history(TimelineEntry... events) {
        return new History(Optional.empty(), POOL_READY, List.of(), List.of(events));
    }

    private static History queued(
            int ahead, int attempts, String failure, int notBeforeMinute, History.PoolGlance pool) {
        Revival revival = new Revival(
                ORGANIZATION,
                minute(4),
                minute(notBeforeMinute),
                EndReason.GATEWAY_LOST,
                attempts,
                Optional.ofNullable(failure));
        return new History(
                Optional.of(new History.Queued(revival, ahead)),
                pool,
                List.of(stopped(4, EndReason.GATEWAY_LOST)),
                List.of());
    }

    private static History.PoolGlance pool(int members, int ready, int creating, String trouble) {
        return new History.PoolGlance(members, ready, creating, false, Optional.ofNullable(trouble));
    }

    private static TenancyHistory handshaking(int untilMinute, TimelineEntry... stages) {
        return tenancy(AllocationState.Name.HANDSHAKING, untilMinute, null, null, null, stages);
    }

    private static TenancyHistory serving(int minute) {
        return tenancy(AllocationState.Name.SERVING, 1, minute(minute), null, null);
    }

    private static TenancyHistory stopped(int minute, EndReason reason) {
        return tenancy(AllocationState.Name.ENDED, 1, minute(3), minute(minute), reason);
    }

    private static TenancyHistory failed(int minute, EndReason reason, TimelineEntry... stages) {
        return tenancy(AllocationState.Name.ENDED, 1, null, minute(minute), reason, stages);
    }

    private static TenancyHistory tenancy(
            AllocationState.Name state,
            int untilMinute,
            Instant servingAt,
            Instant endedAt,
            EndReason reason,
            TimelineEntry... stages) {
        return new TenancyHistory(
                new Generation(7),
                GATEWAY,
                Optional.of("gw-pool-1"),
                state,
                minute(0),
                minute(untilMinute),
                Optional.ofNullable(servingAt),
                Optional.ofNullable(endedAt),
                Optional.ofNullable(reason),
                Arrays.asList(stages));
    }

    private static TenancyHistory nameless(TenancyHistory of) {
        return new TenancyHistory(
                of.generation(),
                of.gateway(),
                Optional.empty(),
                of.state(),
                of.startedAt(),
                of.handshakeUntil(),
                of.servingAt(),
                of.endedAt(),
                of.endedReason(),
                of.stages());
    }

    private static TimelineEntry stage(String stage) {
        return failure(stage, null);
    }

    private static TimelineEntry failure(String stage, String failure) {
        return new TimelineEntry(
                ORGANIZATION,
                Optional.of(new Generation(7)),
                Optional.of(GATEWAY),
                stage,
                minute(0),
                Optional.empty(),
                Optional.ofNullable(failure));
    }

    private static TimelineEntry event(String stage, int minute, String reason) {
        return new TimelineEntry(
                ORGANIZATION,
                Optional.empty(),
                Optional.empty(),
                stage,
                minute(minute),
                Optional.empty(),
                Optional.of(reason));
    }

    private static Instant minute(int minute) {
        return Instant.parse("2026-11-21T12:00:00Z").plusSeconds(60L * minute);
    }
}
