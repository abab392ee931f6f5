package dev.ganymede.edge.nginx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SeenFilesTest {

    @TempDir
    Path directory;

    private final SeenFiles<String> later = new SeenFiles<>(Clock.offset(Clock.systemUTC(), Duration.ofMinutes(1)));
    private Path file;
    private int readings;

    @BeforeEach
    void write() throws IOException {
        file = Files.writeString(directory.resolve("file"), "one");
    }

    @Test
    void isReadOnceWhileItIsAsItWas() {
        assertThat(read(later)).isEqualTo("one");
        assertThat(read(later)).isEqualTo("one");
        assertThat(readings).isEqualTo(1);
    }

    @Test
    void isReadAgainWhenItChangedOrIsAnother() throws IOException {
        read(later);
        FileTime modified = Files.getLastModifiedTime(file);
        Path other = Files.writeString(directory.resolve("other"), "two");
        Files.setLastModifiedTime(other, modified);
        Files.move(other, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertThat(read(later)).isEqualTo("two");
        Files.delete(file);
        assertThat(read(later)).isEqualTo("absent");
    }

    @Test
    void isReadAgainWhenItChangedJustNow() {
        SeenFiles<String> now = new SeenFiles<>(Clock.systemUTC());
        read(now);
        read(now);
        assertThat(readings).isEqualTo(2);
    }

    @Test
    void isForgottenWhenNobodyNamesIt() {
        read(later);
        later.keep(Set.of());
        read(later);
        assertThat(readings).isEqualTo(2);
    }

    private String read(SeenFiles<String> files) {
        return files.of("file", file, name -> {
            readings++;
            try {
                return Files.exists(file) ? Files.readString(file) : "absent";
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }
}
