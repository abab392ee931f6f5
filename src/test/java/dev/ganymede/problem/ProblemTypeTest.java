package dev.ganymede.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProblemTypeTest {

    @ParameterizedTest
    @EnumSource
    void isExplainedInTheDocs(ProblemType type) throws IOException {
        String slug = type.uri().substring(type.uri().lastIndexOf('/') + 1);
        assertThat(Files.readString(Path.of("docs/problems.md")))
                .contains("| `" + slug + "` | " + type.status() + " |");
    }
}
