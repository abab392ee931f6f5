package dev.ganymede.container.docker;

import dev.ganymede.container.ContainerSpec;
import dev.ganymede.id.LifeId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Keeps the log directories of past lives few: each container's life has its own, {@code <log directory>/<name>/<life>}, and pools live long.
 *
 * <p>A gateway whose last push was refused rescues it there as {@code unsent-*}: a directory with such a file stays until the leader has moved it away. Only
 * directories named by a life are touched, symbolic links are not followed, and what can't be deleted is left.
 */
final class LogDirectories {

    private static final Logger LOG = Logger.getLogger(LogDirectories.class);
    private static final Comparator<Path> NEWEST_FIRST =
            Comparator.comparing(LogDirectories::changed).reversed();

    private final Path root;
    private final boolean local;
    private final int kept;

    LogDirectories(Path root, boolean local, int kept) {
        this.root = root;
        this.local = local;
        this.kept = Math.max(1, kept);
    }

    static LogDirectories of(DockerConfig config) {
        return new LogDirectories(
                config.logDirectory().toAbsolutePath(), EngineTransport.isUnix(config.host()), config.logLivesKept());
    }

    /** Deletes the oldest lives of this gateway; never the one that is given. */
    void prune(ContainerSpec spec) {
        Path gateway = root.resolve(spec.name());
        if (!local || !Files.isDirectory(gateway, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try {
            for (Path life : superfluous(gateway, spec.life())) {
                delete(life);
            }
        } catch (IOException | UncheckedIOException failure) {
            LOG.warnf(failure, "old log directories of %s stay", spec.name());
        }
    }

    private List<Path> superfluous(Path gateway, LifeId current) throws IOException {
        try (Stream<Path> entries = Files.list(gateway)) {
            return entries.filter(LogDirectories::isLife)
                    .filter(life -> !life.endsWith(current.toString()))
                    .sorted(NEWEST_FIRST)
                    .skip(kept - 1L)
                    .filter(life -> !holdsUnsentData(life))
                    .toList();
        }
    }

    private static boolean isLife(Path directory) {
        try {
            LifeId.parse(directory.getFileName().toString());
            return Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS);
        } catch (IllegalArgumentException foreign) {
            return false;
        }
    }

    private static boolean holdsUnsentData(Path life) {
        try (Stream<Path> files = Files.walk(life)) {
            return files.anyMatch(file -> file.getFileName().toString().startsWith("unsent-"));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static FileTime changed(Path directory) {
        try {
            return Files.getLastModifiedTime(directory, LinkOption.NOFOLLOW_LINKS);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void delete(Path life) throws IOException {
        List<Path> deepestFirst;
        try (Stream<Path> files = Files.walk(life)) {
            deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : deepestFirst) {
            Files.deleteIfExists(file);
        }
    }
}
