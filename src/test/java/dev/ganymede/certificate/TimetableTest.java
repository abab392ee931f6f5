package dev.ganymede.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganymede.certificate.CertificateEntry.Validity;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimetableTest {

    private static final Instant ISSUED = Instant.parse("2026-03-08T12:00:00Z");

    /** Days of life, chance, hours after which it is renewed. */
    @ParameterizedTest
    @CsvSource({"90, 0.5, 1440", "90, 0, 1332", "90, 1, 1548", "6, 0.5, 96"})
    void aThirdOfTheLifeIsLeftAtARenewal(int days, double chance, long hours) {
        Validity validity = new Validity(ISSUED, ISSUED.plus(Duration.ofDays(days)));

        assertThat(Timetable.renewal(validity, chance)).isEqualTo(ISSUED.plus(Duration.ofHours(hours)));
    }

    @ParameterizedTest
    @CsvSource({
        "1, 0, 60",
        "2, 0, 240",
        "3, 0, 960",
        "4, 0, 3840",
        "5, 0, 15360",
        "6, 0, 21600",
        "1000, 0, 21600",
        "1, 1, 72"
    })
    void pausesGrowUntilTheLongest(int attempts, double chance, long seconds) {
        assertThat(Timetable.pause(attempts, chance)).isEqualTo(Duration.ofSeconds(seconds));
    }
}
