package dev.ganymede.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;

/** The route files of the edge's directory. */
final class Routes {

    private final Path directory;

    Routes(Environment environment) {
        this.directory = environment.path("EDGE_DIR").resolve("routes");
    }

    Path file(UUID organization) {
        return directory.resolve(organization + ".map");
    }

    /** Every file by its name. */
    Map<String, String> all() {
        Map<String, String> found = new TreeMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                found.put(file.getFileName().toString(), Files.readString(file).strip());
            }
        } catch (NoSuchFileException beingReplaced) {
            return Map.of("(changing)", "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }
}
