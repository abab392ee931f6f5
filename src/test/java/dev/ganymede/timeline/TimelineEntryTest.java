package dev.ganymede.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganymede.id.OrganizationId;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimelineEntryTest {

    private static final OrganizationId ORGANIZATION = OrganizationId.parse("0b9b2c9e-3f0a-4c55-9c1c-2f5e6a7d8e90");

    @ParameterizedTest
    @CsvSource({
        "'two\nlines',two lines",
        "'a\0b',a b",
        "'\u001b[31mred',[31mred",
        "'half \ud83d of a pair',half of a pair"
    })
    void aReasonIsOneLineThatTheDatabaseAndATerminalCanTake(String reason, String kept) {
        assertThat(failure(reason)).isEqualTo(kept);
    }

    @Test
    void aReasonIsBounded() {
        assertThat(failure("x".repeat(500))).isEqualTo("x".repeat(500));
        assertThat(failure("x".repeat(501))).isEqualTo("x".repeat(499) + "…");
    }

    private static String failure(String reason) {
        return TimelineEntry.of(ORGANIZATION, Stage.REFUSED, Instant.EPOCH, reason)
                .failure()
                .orElseThrow();
    }
}
