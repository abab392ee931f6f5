package dev.ganymede.faults;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/** The pushes that Ganymede acknowledged, as the gateways wrote them down, held against what is stored. */
final class Pushes {

    /**
     * When Ganymede said that it stored it, and in which generation; of two the later one has to be there.
     *
     * @param sha256 of the data
     */
    record Push(long generation, Instant storedAt, String sha256) implements Comparable<Push> {

        Push {
            // PostgreSQL rounds to microseconds, and one organization is not pushed twice in a millisecond
            storedAt = storedAt.truncatedTo(ChronoUnit.MILLIS);
        }

        @Override
        public int compareTo(Push other) {
            int byGeneration = Long.compare(generation, other.generation);
            return byGeneration != 0 ? byGeneration : storedAt.compareTo(other.storedAt);
        }

        /** True when this is what was acknowledged, or something later. */
        boolean covers(Push acknowledged) {
            int later = compareTo(acknowledged);
            return later > 0 || (later == 0 && sha256.equals(acknowledged.sha256));
        }
    }

    private final World world;
    private final Path logs;
    private final Map<Path, Long> read = new HashMap<>();
    private final Map<UUID, Push> newest = new HashMap<>();
    private long count;

    Pushes(World world) {
        this.world = world;
        this.logs = world.environment.path("GATEWAY_LOG_DIR");
    }

    long count() {
        return count;
    }

    /** Acknowledged pushes that the database does not have, nor a later one. Reads only what was written since the last time. */
    List<String> missing() {
        collect();
        Map<UUID, Push> stored = new HashMap<>();
        world.database
                .query(
                        "select organization_id, generation, stored_at, encode(sha256(data), 'hex') from snapshot",
                        row -> Map.entry(
                                row.getObject(1, UUID.class),
                                new Push(
                                        row.getLong(2),
                                        row.getObject(3, OffsetDateTime.class).toInstant(),
                                        row.getString(4))))
                .forEach(entry -> stored.put(entry.getKey(), entry.getValue()));
        List<String> missing = new ArrayList<>();
        newest.forEach((organization, acknowledged) -> {
            Push there = stored.get(organization);
            if (there == null || !there.covers(acknowledged)) {
                missing.add(organization + ": acknowledged " + acknowledged + ", stored " + there);
            }
        });
        return missing;
    }

    /** One life's log is one file; old lives are removed after some time, so this is called often. */
    private void collect() {
        try (Stream<Path> files =
                Files.find(logs, 3, (file, is) -> file.toString().endsWith(".log"))) {
            for (Path file : files.toList()) {
                collect(file);
            }
        } catch (IOException | UncheckedIOException beingRemoved) {
            throw new IllegalStateException(beingRemoved);
        }
    }

    private void collect(Path file) throws IOException {
        long from = read.getOrDefault(file, 0L);
        byte[] all;
        try {
            if (Files.size(file) == from) {
                return;
            }
            all = Files.readAllBytes(file);
        } catch (NoSuchFileException removed) {
            return;
        }
        int end = all.length;
        while (end > from && all[end - 1] != '\n') {
            end--;
        }
        read.put(file, (long) end);
        new String(all, (int) from, (int) (end - from), StandardCharsets.UTF_8)
                .lines()
                .forEach(this::note);
    }

    private void note(String line) {
        JsonNode entry = Api.parse(line);
        if (entry.path("message").asText().equals("pushed")) {
            Push push = new Push(
                    entry.path("generation").asLong(),
                    Instant.parse(entry.path("stored_at").asText()),
                    entry.path("sha256").asText());
            newest.merge(
                    UUID.fromString(entry.path("organization_id").asText()),
                    push,
                    (one, other) -> one.compareTo(other) > 0 ? one : other);
            count++;
        }
    }
}
