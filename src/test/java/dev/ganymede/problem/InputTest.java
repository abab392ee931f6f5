package dev.ganymede.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class InputTest {

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "../../etc",
                "a;reload",
                "1-1-1-1-1",
                "0b9b2c9e-3f0a-4c55-9c1c-2f5e6a7d8e90\n",
                "{0b9b2c9e-3f0a-4c55-9c1c-2f5e6a7d8e90}",
                "0b9b2c9e3f0a4c559c1c2f5e6a7d8e90",
                "０b9b2c9e-3f0a-4c55-9c1c-2f5e6a7d8e90"
            })
    void acceptsNothingButCanonicalUuids(String text) {
        assertThatThrownBy(() -> Input.organizationId("organization_id", text))
                .isInstanceOfSatisfying(Problem.class, problem -> {
                    assertThat(problem.type()).isEqualTo(ProblemType.INVALID_REQUEST);
                    assertThat(problem.field()).isEqualTo("organization_id");
                });
    }

    @Test
    void readsUpperCaseUuidsAsTheSameIdentity() {
        assertThat(Input.organizationId("id", "0B9B2C9E-3F0A-4C55-9C1C-2F5E6A7D8E90"))
                .hasToString("0b9b2c9e-3f0a-4c55-9c1c-2f5e6a7d8e90");
    }

    @Test
    void countsTheCharactersOfANameNotItsUtf16Units() {
        String planets = "🪐".repeat(200);
        assertThat(Input.name("name", planets)).isEqualTo(planets);
        assertThatThrownBy(() -> Input.name("name", planets + "x")).isInstanceOf(Problem.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "   ", "a\u0000b", "line\nbreak", "\u2028", "half a pair \ud83e"})
    void refusesNamesThatAreNoText(String name) {
        // a trailing line break is outer white space and dropped, one inside is not
        assertThatThrownBy(() -> Input.name("name", name)).isInstanceOf(Problem.class);
    }

    @Test
    void dropsOuterWhiteSpace() {
        assertThat(Input.name("name", "  Company A ")).isEqualTo("Company A");
    }
}
