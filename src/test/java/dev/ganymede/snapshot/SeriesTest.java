package dev.ganymede.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganymede.id.Generation;
import dev.ganymede.snapshot.Series.Place;
import java.util.OptionalLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SeriesTest {

    @ParameterizedTest(name = "generation {0}, arrival {1}, sequence {2} after 3, 100, {3}: {4}")
    @CsvSource({
        "3, 101, , , true",
        "3, 100, , , false",
        "3, 99, , , false",
        // a count is compared when both have one
        "3, 101, 8, 7, true",
        "3, 101, 7, 7, false",
        "3, 101, 6, 7, false",
        "3, 101, 1, , true",
        "3, 101, , 7, true",
        // and does not help who arrived earlier
        "3, 99, 8, 7, false",
        // generations come first
        "4, 1, 1, 7, true",
        "2, 101, 8, 7, false"
    })
    void newerPushesComeAfterOlderOnes(long generation, long arrival, Long sequence, Long before, boolean accepted) {
        Series series = new Series(5, OptionalLong.of(5), 0, 3, 100, optional(before), OptionalLong.empty());
        assertThat(series.accepts(new Place(new Generation(generation), arrival, optional(sequence))))
                .isEqualTo(accepted);
    }

    @ParameterizedTest(name = "lineage {0} after two restores: {1}")
    @CsvSource({"1, false", "2, true", "3, true"})
    void dataIsCurrentWhenItIncludesEveryRestore(long lineage, boolean current) {
        Series series = new Series(5, OptionalLong.of(5), 2, 3, 100, OptionalLong.empty(), OptionalLong.empty());
        assertThat(series.isCurrent(lineage)).isEqualTo(current);
    }

    private static OptionalLong optional(Long value) {
        return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }
}
