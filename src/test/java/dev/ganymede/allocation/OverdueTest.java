package dev.ganymede.allocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganymede.gateway.Allocation;
import dev.ganymede.gateway.AllocationState;
import dev.ganymede.id.AllocationId;
import dev.ganymede.id.GatewayId;
import dev.ganymede.id.Generation;
import dev.ganymede.id.OrganizationId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class OverdueTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final Overdue overdue = new Overdue(Duration.ofMinutes(3));
    private final Allocation one = allocation();
    private final Allocation other = allocation();

    @Test
    void nobodyIsDueBeforeTheGraceIsOver() {
        assertThat(overdue.due(List.of(one), true, NOW)).isEmpty();
        assertThat(overdue.due(List.of(one), true, NOW.plusSeconds(179))).isEmpty();
        assertThat(overdue.due(List.of(one, other), true, NOW.plusSeconds(180))).containsExactly(one);
        assertThat(overdue.due(List.of(one, other), true, NOW.plusSeconds(360))).containsExactly(one, other);
    }

    @Test
    void whoWasHeardInBetweenBeginsAnew() {
        overdue.due(List.of(one), true, NOW);
        overdue.due(List.of(), true, NOW.plusSeconds(60));
        assertThat(overdue.due(List.of(one), true, NOW.plusSeconds(180))).isEmpty();
    }

    @Test
    void whileNobodyCanBeHeardNoGraceRuns() {
        overdue.due(List.of(one), true, NOW);
        assertThat(overdue.due(List.of(one), false, NOW.plusSeconds(180))).isEmpty();
        assertThat(overdue.due(List.of(one), true, NOW.plusSeconds(181))).isEmpty();
        assertThat(overdue.due(List.of(one), true, NOW.plusSeconds(361))).containsExactly(one);
    }

    private static Allocation allocation() {
        return new Allocation(
                new AllocationId(UUID.randomUUID()),
                new OrganizationId(UUID.randomUUID()),
                new GatewayId(UUID.randomUUID()),
                new Generation(1),
                new AllocationState.Serving(NOW),
                Optional.empty());
    }
}
