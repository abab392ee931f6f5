package dev.ganymede.faults;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The pushes that Ganymede acknowledged, as the gateways wrote them down, held against what is stored; and what is stored against its own hashes.
 */
final class Pushes {

    /**
     * The version that Ganymede said it is.
     *
     * @param digest of what is in it, in hexadecimal, as the gateway computed it
     */
    record Push(long version, long generation, String digest) {

        /** True when this is what was acknowledged, or something later. */
        boolean covers(Push acknowledged) {
            return version == acknowledged.version
                    ? digest.equals(acknowledged.digest)
                    : version > acknowledged.version && generation >= acknowledged.generation;
        }

        static Push later(Push one, Push other) {
            return one.version > other.version ? one : other;
        }
    }

    /** Those with content that has not its hash any more, each once; a blob without content has none either. */
    private static final String DAMAGED =
            """
            select encode(p.sha256, 'hex') from (select distinct sha256 from snapshot_part) p
            left join blob b on b.sha256 = p.sha256
            where p.sha256 is distinct from sha256(coalesce(b.data,
                (select string_agg(c.data, ''::bytea order by c.position) from blob_chunk c where c.sha256 = p.sha256)))
            """;

    private static final String STORED =
            """
            select organization_id, version, coalesce(generation, 0), encode(digest, 'hex') from snapshot
            where kind <> 'RESCUE' order by organization_id, version
            """;

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

    /**
     * Acknowledged pushes that the database does not have, nor a later one, and stored blobs that are damaged. Reads only what was written since the last time.
     */
    List<String> missing() {
        collect();
        Map<UUID, List<Push>> stored = stored();
        List<String> missing = new ArrayList<>();
        newest.forEach((organization, acknowledged) -> {
            List<Push> there = stored.getOrDefault(organization, List.of());
            if (there.stream().noneMatch(push -> push.covers(acknowledged))) {
                missing.add(organization + ": acknowledged " + acknowledged + ", stored " + there);
            }
        });
        world.database
                .query(DAMAGED, row -> row.getString(1))
                .forEach(sha256 -> missing.add("blob " + sha256 + " has not its hash"));
        return missing;
    }

    private Map<UUID, List<Push>> stored() {
        Map<UUID, List<Push>> stored = new HashMap<>();
        world.database
                .query(
                        STORED,
                        row -> Map.entry(
                                row.getObject(1, UUID.class),
                                new Push(row.getLong(2), row.getLong(3), row.getString(4))))
                .forEach(entry -> stored.computeIfAbsent(entry.getKey(), first -> new ArrayList<>())
                        .add(entry.getValue()));
        return stored;
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
                    entry.path("version").asLong(),
                    entry.path("generation").asLong(),
                    entry.path("digest").asText());
            newest.merge(UUID.fromString(entry.path("organization_id").asText()), push, Push::later);
            count++;
        }
    }
}
