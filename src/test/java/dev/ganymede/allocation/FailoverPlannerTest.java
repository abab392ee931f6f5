package dev.ganymede.allocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganymede.gateway.EndReason;
import dev.ganymede.gateway.Revival;
import dev.ganymede.id.OrganizationId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The queue's rules as a table: what is seen, and the whole plan that follows. */
class FailoverPlannerTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant SOON = NOW.plusSeconds(2);
    private static final Instant LATER = NOW.plusSeconds(20);

    private static final Revival A = waits(1, NOW);
    private static final Revival B = waits(2, NOW);
    private static final Revival C = waits(3, NOW);
    private static final Revival D_SOON = waits(4, SOON);
    private static final Revival E_LATER = waits(5, LATER);

    private final FailoverPlanner planner = new FailoverPlanner(2, Duration.ofSeconds(30));

    static Stream<Arguments> looks() {
        return Stream.of(
                row("nobody waits", List.of(), Set.of(), false, plan()),
                row("all who are due, first come first", List.of(A, B), Set.of(), false, plan(A, B)),
                row("so many at a time", List.of(A, B, C), Set.of(), false, plan(A, B)),
                row("who is under way takes a place, and is not begun twice", List.of(A, B, C), of(A), false, plan(B)),
                row("no place is left", List.of(A, B, C), of(A, B), false, plan()),
                row("more are under way than places", List.of(A, B, C, D_SOON), of(A, B, C), false, at(SOON)),
                row("who is not due is passed by", List.of(E_LATER, D_SOON, A), Set.of(), false, at(SOON, A)),
                row("no gateway was ready", List.of(A, B), Set.of(), true, plan()),
                row("no gateway was ready, and one is due later", List.of(A, E_LATER), Set.of(), true, at(LATER)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("looks")
    void plans(String name, FailoverObservation seen, FailoverPlan expected) {
        assertThat(planner.plan(seen)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"0,1", "1,2", "2,4", "3,8", "4,16", "5,30", "6,30", "1000000,30"})
    void pausesGrowUpToALimit(int earlierFailures, int seconds) {
        assertThat(planner.pauseAfter(earlierFailures)).isEqualTo(Duration.ofSeconds(seconds));
    }

    private static Arguments row(
            String name, List<Revival> queue, Set<OrganizationId> underWay, boolean exhausted, FailoverPlan expected) {
        return Arguments.of(name, new FailoverObservation(NOW, queue, underWay, exhausted), expected);
    }

    private static FailoverPlan plan(Revival... begin) {
        return new FailoverPlan(List.of(begin), Optional.empty());
    }

    private static FailoverPlan at(Instant lookAgainAt, Revival... begin) {
        return new FailoverPlan(List.of(begin), Optional.of(lookAgainAt));
    }

    private static Set<OrganizationId> of(Revival... entries) {
        return Stream.of(entries).map(Revival::organization).collect(Collectors.toSet());
    }

    private static Revival waits(int number, Instant notBefore) {
        return new Revival(
                new OrganizationId(new UUID(0, number)),
                NOW.minusSeconds(60).plusSeconds(number),
                notBefore,
                EndReason.GATEWAY_LOST,
                0,
                Optional.empty());
    }
}
