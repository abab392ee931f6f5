package dev.ganymede.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ganymede.problem.Problem;
import dev.ganymede.problem.ProblemType;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LargeValuesTest {

    private final LargeValues values = new LargeValues();

    @Test
    void twoAreReadAtOnce() {
        LargeValues.Turn one = turn(Duration.ofMinutes(1));
        LargeValues.Turn other = turn(Duration.ofMinutes(1));
        LargeValues.Turn late = turn(Duration.ZERO);
        one.take();
        one.take();
        other.take();
        assertThatThrownBy(late::take).isInstanceOfSatisfying(Problem.class, problem -> {
            assertThat(problem.type()).isEqualTo(ProblemType.OVERLOADED);
            assertThat(problem.retryAfter()).isPositive();
        });
        // who has none gives none back
        late.giveBack();
        assertThatThrownBy(late::take).isInstanceOf(Problem.class);
        one.giveBack();
        late.take();
    }

    private LargeValues.Turn turn(Duration timeout) {
        return values.turn(Arrival.now(0, timeout, 0));
    }
}
