package dev.ganymede.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ganymede.problem.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class VersionRefTest {

    @Test
    void aVersionIsANumberOrTheHead() {
        assertThat(VersionRef.parse("version", "17").number()).hasValue(17L);
        assertThat(VersionRef.parse("version", "head").number()).isEmpty();
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "0", "-1", "+1", "01", " 1", "1.0", "1e3", "HEAD", "head ", "1234567890123456789"})
    void nothingElseIs(String text) {
        assertThatThrownBy(() -> VersionRef.parse("version", text)).isInstanceOf(Problem.class);
    }
}
