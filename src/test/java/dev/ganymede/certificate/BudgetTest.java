package dev.ganymede.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganymede.certificate.Budget.Issuance;
import dev.ganymede.certificate.Budget.Rules;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BudgetTest {

    private static final Instant NOW = Instant.parse("2026-03-08T12:00:00Z");
    private static final Duration WEEK = Duration.ofDays(7);
    private static final Rules RULES = new Rules(3, WEEK, false, 60);

    /** Hours ago at which certificates were asked for; then what is spent and left, and in how many hours the next one is free. */
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "'', 0, 3, -",
                "'1', 1, 2, 167",
                "'100 1', 2, 1, 68",
                "'100 50 1', 3, 0, 68",
                "'168', 0, 3, -",
                "'200 100 50 1', 3, 0, 68",
                "'120 110 100 90 80', 5, 0, 68",
            })
    void slidesWithTheWindow(String hoursAgo, int spent, int left, Integer nextInHours) {
        List<Issuance> issuances = Arrays.stream(hoursAgo.split(" "))
                .filter(hours -> !hours.isEmpty())
                .map(hours -> new Issuance(NOW.minus(Duration.ofHours(Long.parseLong(hours))), false))
                .toList();

        Budget budget = Budget.at(NOW, issuances, RULES);

        Optional<Instant> next = Optional.ofNullable(nextInHours).map(hours -> NOW.plus(Duration.ofHours(hours)));
        assertThat(budget).isEqualTo(new Budget(3, spent, next));
        assertThat(budget.left()).isEqualTo(left);
        assertThat(budget.isSpent()).isEqualTo(left == 0);
    }

    @Test
    void renewalsCountWhereTheAuthorityCountsThem() {
        List<Issuance> issuances = List.of(new Issuance(NOW, true), new Issuance(NOW, false));

        assertThat(Budget.at(NOW, issuances, RULES).spent()).isEqualTo(1);
        assertThat(Budget.at(NOW, issuances, new Rules(3, WEEK, true, 60)).spent())
                .isEqualTo(2);
    }

    @Test
    void isScarceFromTheConfiguredShareOn() {
        assertThat(new Budget(10, 5, Optional.empty()).isScarce(RULES)).isFalse();
        assertThat(new Budget(10, 6, Optional.empty()).isScarce(RULES)).isTrue();
        assertThat(new Budget(0, 0, Optional.empty()).isScarce(RULES)).isTrue();
    }
}
