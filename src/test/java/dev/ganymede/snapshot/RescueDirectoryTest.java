package dev.ganymede.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganymede.id.LifeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway that leaves whatever it likes in its log directories keeps nobody else's data from being taken in. */
class RescueDirectoryTest {

    private static final Instant NOW = Instant.parse("2025-01-15T10:30:00Z");
    private static final LifeId LIFE = new LifeId(UUID.fromString("aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"));
    private static final LifeId OTHER_LIFE = new LifeId(UUID.fromString("aaaaaaaa-bbbb-cccc-dddd-ffffffffffff"));

    @TempDir
    Path logs;

    private RescueDirectory directory;

    @BeforeEach
    void open() {
        directory = new RescueDirectory(logs);
    }

    @Test
    void ofOneLifeTwoFilesAreTakenInARound() throws IOException {
        leave("gw-pool-1", LIFE, 5);
        assertThat(directory.collect(10, NOW)).hasSize(2);
        assertThat(left("gw-pool-1", LIFE)).isEqualTo(3);
    }

    @Test
    void theNextRoundBeginsWithTheNextGateway() throws IOException {
        leave("gw-pool-1", LIFE, 9);
        leave("gw-pool-1", OTHER_LIFE, 9);
        leave("gw-pool-2", LIFE, 1);
        assertThat(gatewaysOfARound()).containsOnly("gw-pool-1");
        assertThat(gatewaysOfARound()).contains("gw-pool-2");
        assertThat(gatewaysOfARound()).containsOnly("gw-pool-1");
    }

    /** Takes four files, and makes nothing of them. */
    private List<String> gatewaysOfARound() throws IOException {
        List<RescueFile> files = directory.collect(4, NOW);
        refuse(files);
        return files.stream().map(RescueFile::gateway).toList();
    }

    @Test
    void refusedFilesLieApartAndAreLimited() throws IOException {
        leave("gw-pool-1", LIFE, 103);
        while (refuse(directory.collect(10, NOW)) > 0) {
            assertThat(count(logs.resolve("rescue"))).isEqualTo(1);
        }
        assertThat(count(logs.resolve("rescue/refused/gw-pool-1"))).isEqualTo(100);
        assertThat(left("gw-pool-1", LIFE)).isEqualTo(3);
        leave("gw-pool-2", LIFE, 1);
        assertThat(gatewaysOfARound()).containsExactly("gw-pool-2");
    }

    @Test
    void theTimeOfItsFilesIsNotTheGatewaysToSet() throws IOException {
        leave("gw-pool-1", LIFE, 1);
        directory.collect(10, NOW);
        for (Path file : leave("gw-pool-2", LIFE, 1)) {
            Files.setLastModifiedTime(file, FileTime.fromMillis(0));
        }
        assertThat(directory.collect(10, NOW.plusSeconds(1)))
                .extracting(RescueFile::gateway)
                .containsExactly("gw-pool-1", "gw-pool-2");
    }

    @Test
    void nothingIsDoneToWhatALinkLeadsTo() throws IOException {
        Path secret = Files.writeString(logs.resolve("secret"), "");
        Files.setLastModifiedTime(secret, FileTime.from(NOW));
        Path life = Files.createDirectories(life("gw-pool-1", LIFE));
        Files.createSymbolicLink(life.resolve(name(1)), secret);
        assertThat(refuse(directory.collect(10, NOW.plusSeconds(1)))).isEqualTo(1);
        assertThat(Files.getLastModifiedTime(secret)).isEqualTo(FileTime.from(NOW));
    }

    private int refuse(List<RescueFile> files) throws IOException {
        for (RescueFile file : files) {
            directory.refused(file);
        }
        return files.size();
    }

    private List<Path> leave(String gateway, LifeId life, int count) throws IOException {
        Path directory = Files.createDirectories(life(gateway, life));
        Path[] files = new Path[count];
        for (int i = 0; i < count; i++) {
            files[i] = Files.writeString(directory.resolve(name(i)), "");
        }
        return List.of(files);
    }

    private Path life(String gateway, LifeId life) {
        return logs.resolve(gateway).resolve(life.toString());
    }

    private static String name(int number) {
        return "unsent-11111111-2222-3333-4444-555555555555-7-2025-01-15T10-30-00-" + (1000 + number) + "Z.json";
    }

    private long left(String gateway, LifeId life) throws IOException {
        return count(life(gateway, life));
    }

    private static long count(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.count();
        }
    }
}
