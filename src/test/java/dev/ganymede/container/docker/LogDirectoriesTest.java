package dev.ganymede.container.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganymede.container.ContainerSpec;
import dev.ganymede.id.GatewayId;
import dev.ganymede.id.LifeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogDirectoriesTest {

    @TempDir
    Path root;

    private final ContainerSpec current = new ContainerSpec(
            new GatewayId(UUID.randomUUID()),
            new LifeId(UUID.randomUUID()),
            "gw-pool-0",
            7100,
            49_100,
            Optional.empty(),
            "secret");

    @Test
    void keepsTheNewestLives() throws IOException {
        Path oldest = life(1);
        Path older = life(2);
        Path newer = life(3);

        new LogDirectories(root, true, 2).prune(current);

        assertThat(oldest).doesNotExist();
        assertThat(older).doesNotExist();
        assertThat(newer).exists();
    }

    @Test
    void neverDeletesTheCurrentLife() throws IOException {
        Path now = life(current.life().toString(), 1);
        life(2);

        new LogDirectories(root, true, 1).prune(current);

        assertThat(now).exists();
    }

    @Test
    void keepsWhatAGatewayCouldNotSend() throws IOException {
        Path rescued = life(1);
        Files.writeString(Files.createDirectories(rescued.resolve("data")).resolve("unsent-7.json"), "{}");

        new LogDirectories(root, true, 1).prune(current);

        assertThat(rescued.resolve("data/unsent-7.json")).exists();
    }

    @Test
    void leavesAloneWhatIsNotALife() throws IOException {
        Path notes = life("notes", 1);
        Path elsewhere = Files.createDirectories(root.resolve("elsewhere"));
        Path link = root.resolve("gw-pool-0").resolve(UUID.randomUUID().toString());
        Files.createSymbolicLink(link, elsewhere);

        new LogDirectories(root, true, 1).prune(current);

        assertThat(notes).exists();
        assertThat(link).exists();
    }

    @Test
    void aRemoteEnginesFilesAreNotOurs() throws IOException {
        Path old = life(1);

        new LogDirectories(root, false, 1).prune(current);

        assertThat(old).exists();
    }

    private Path life(int age) throws IOException {
        return life(UUID.randomUUID().toString(), age);
    }

    private Path life(String name, int age) throws IOException {
        Path directory = Files.createDirectories(root.resolve("gw-pool-0").resolve(name));
        Files.writeString(directory.resolve("gateway.log"), "hello");
        Files.setLastModifiedTime(directory, FileTime.fromMillis(age * 1_000L));
        return directory;
    }
}
