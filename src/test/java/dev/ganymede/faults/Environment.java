package dev.ganymede.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** An environment of the scripts, as its {@code .env.ganymede} describes it. */
record Environment(Path directory, Map<String, String> settings) {

    /** The one that the suite was started for: {@code -Dfaults.environment=<directory>}. */
    static Environment current() {
        Path directory = Path.of(Objects.requireNonNull(
                System.getProperty("faults.environment"),
                "-Dfaults.environment=<an environment's directory> is missing"));
        Map<String, String> settings = new LinkedHashMap<>();
        try {
            for (String line : Files.readAllLines(directory.resolve(".env.ganymede"))) {
                int equals = line.indexOf('=');
                if (equals > 0 && !line.startsWith("#")) {
                    settings.put(line.substring(0, equals), line.substring(equals + 1));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Environment(directory, Map.copyOf(settings));
    }

    String get(String key) {
        return Objects.requireNonNull(settings.get(key), () -> key + " is not among the environment's settings");
    }

    String name() {
        return get("ENV_NAME");
    }

    String domain() {
        return get("DOMAIN");
    }

    Path path(String key) {
        return Path.of(get(key));
    }

    int port(String key) {
        return Integer.parseInt(get(key));
    }

    /** Ganymede's own port. */
    URI ganymede() {
        return URI.create("http://" + get("GANYMEDE_LISTEN_ADDRESS") + ":" + get("GANYMEDE_PORT"));
    }

    /** Who signs its certificates, as PEM. */
    String authority() {
        try {
            return Files.readString(path("CERTIFICATE_DIR").resolve("rootCA.pem"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path log() {
        return directory.resolve("logs/ganymede.log");
    }
}
