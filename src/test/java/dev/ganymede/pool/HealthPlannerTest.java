package dev.ganymede.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganymede.id.AllocationId;
import dev.ganymede.id.LifeId;
import dev.ganymede.pool.HealthPlanner.Look;
import dev.ganymede.pool.HealthPlanner.Subject;
import dev.ganymede.pool.HealthPlanner.Verdict;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HealthPlannerTest {

    private static final Subject A = subject();
    private static final Subject B = subject();
    private static final Subject C = subject();
    private static final Subject D = subject();

    private final HealthPlanner planner = new HealthPlanner(3);

    @Test
    void whoAnswersIsNotCounted() {
        assertThat(planner.judge(Map.of(A, 2), List.of(answered(A), answered(B))))
                .isEqualTo(Verdict.NONE);
    }

    @Test
    void missesInARowAddUp() {
        assertThat(planner.judge(Map.of(A, 1), List.of(missed(A), missed(B), answered(C), answered(D))))
                .isEqualTo(new Verdict(Map.of(A, 2, B, 1), List.of(), List.of()));
    }

    @Test
    void theThirdMissInARowIsOneTooMany() {
        assertThat(planner.judge(Map.of(A, 2, B, 1), List.of(missed(A), missed(B), answered(C), answered(D))))
                .isEqualTo(new Verdict(Map.of(A, 3, B, 2), List.of(A), List.of()));
    }

    @Test
    void whoCouldNotBeGivenUpStaysLost() {
        assertThat(planner.judge(Map.of(A, 3), List.of(missed(A), answered(B), answered(C))))
                .isEqualTo(new Verdict(Map.of(A, 4), List.of(A), List.of()));
    }

    @Test
    void whoIsNotAskedAnyMoreIsForgotten() {
        assertThat(planner.judge(Map.of(A, 2, B, 7), List.of(answered(C)))).isEqualTo(Verdict.NONE);
    }

    @Test
    void missesOfAnEarlierTenancyDoNotCount() {
        Subject next = new Subject(A.life(), Optional.of(new AllocationId(UUID.randomUUID())));
        assertThat(planner.judge(Map.of(A, 2), List.of(missed(next), answered(B), answered(C))))
                .isEqualTo(new Verdict(Map.of(next, 1), List.of(), List.of()));
    }

    @Test
    void halfOfThemMayBeLostAtOnce() {
        assertThat(planner.judge(Map.of(A, 2, B, 2), List.of(missed(A), missed(B), answered(C), answered(D))))
                .isEqualTo(new Verdict(Map.of(A, 3, B, 3), List.of(A, B), List.of()));
    }

    @Test
    void whenMostAreSilentNobodyIsLostForThatAlone() {
        assertThat(planner.judge(Map.of(A, 2, B, 2, C, 1), List.of(missed(A), missed(B), missed(C), answered(D))))
                .isEqualTo(new Verdict(Map.of(A, 3, B, 3, C, 2), List.of(), List.of(A, B)));
    }

    @Test
    void untilItHasLastedThreeTimesAsLong() {
        assertThat(planner.judge(Map.of(A, 8, B, 7, C, 2), List.of(missed(A), missed(B), missed(C))))
                .isEqualTo(new Verdict(Map.of(A, 9, B, 8, C, 3), List.of(A), List.of(B, C)));
    }

    @Test
    void whoIsStillSilentWhenTheOthersAreHeardAgainIsLost() {
        assertThat(planner.judge(Map.of(A, 5, B, 5, C, 5), List.of(missed(A), answered(B), answered(C))))
                .isEqualTo(new Verdict(Map.of(A, 6), List.of(A), List.of()));
    }

    @Test
    void twoAreTooFewToSpeakOfMost() {
        assertThat(planner.judge(Map.of(A, 2, B, 2), List.of(missed(A), missed(B))))
                .isEqualTo(new Verdict(Map.of(A, 3, B, 3), List.of(A, B), List.of()));
    }

    @Test
    void aHundredAtOnceAreDoubtfulTogether() {
        List<Subject> all = IntStream.range(0, 100).mapToObj(one -> subject()).toList();
        Verdict verdict = Verdict.NONE;
        for (int round = 0; round < 3; round++) {
            verdict = planner.judge(
                    verdict.misses(),
                    all.stream().map(HealthPlannerTest::missed).toList());
        }
        assertThat(verdict.lost()).isEmpty();
        assertThat(verdict.doubtful()).isEqualTo(all);
        assertThat(verdict.misses()).hasSize(100);
    }

    private static Subject subject() {
        return new Subject(new LifeId(UUID.randomUUID()), Optional.of(new AllocationId(UUID.randomUUID())));
    }

    private static Look missed(Subject subject) {
        return new Look(subject, true);
    }

    private static Look answered(Subject subject) {
        return new Look(subject, false);
    }
}
