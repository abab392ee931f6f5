package dev.ganymede.problem;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.pgclient.PgException;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatabaseFailuresTest {

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "08006, true",
        "53300, true",
        "57P01, true",
        // it took longer than it may
        "57014, true",
        // these say something about what was asked
        "23505, false",
        "42P01, false"
    })
    void whatPostgresqlSaysTellsWhetherItIsAvailable(String state, boolean unavailable) {
        PgException refused = new PgException("no", "ERROR", state, null);
        assertThat(DatabaseFailures.unavailable(new IllegalStateException(refused)))
                .isEqualTo(unavailable);
    }

    @Test
    void soDoesABrokenConnection() {
        assertThat(DatabaseFailures.unavailable(new IllegalStateException(new IOException("reset"))))
                .isTrue();
        assertThat(DatabaseFailures.unavailable(new IllegalStateException("wrong")))
                .isFalse();
    }
}
