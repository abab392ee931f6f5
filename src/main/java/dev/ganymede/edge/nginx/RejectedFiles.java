package dev.ganymede.edge.nginx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * What lay in the edge's directory and did not belong there, or could not be read: moved aside, so that whoever put it there finds it again. A limited number
 * is kept, the oldest one goes first. Blocking.
 */
final class RejectedFiles {

    static final String DIRECTORY = "rejected";
    static final int MAX_KEPT = 100;

    private static final Logger LOG = Logger.getLogger(RejectedFiles.class);
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS").withZone(ZoneOffset.UTC);
    private static final int MAX_NAME_LENGTH = 120;

    private final Path directory;
    private final Clock clock;

    RejectedFiles(Path root, Clock clock) {
        this.directory = root.resolve(DIRECTORY);
        this.clock = clock;
    }

    /** Takes the file, the link or the whole directory out of the way; a rename, so it costs no room. */
    void take(Path stranger) throws IOException {
        if (!Files.exists(stranger, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.createDirectories(directory);
        Path aside = directory.resolve(nameFor(stranger));
        Files.move(stranger, aside);
        LOG.warnf("%s does not belong to the edge, or cannot be read; it is in %s now", stranger, aside);
        prune();
    }

    private String nameFor(Path stranger) {
        String name = stranger.getFileName().toString();
        String unique = UUID.randomUUID().toString().substring(0, 8);
        return STAMP.format(clock.instant()) + "-" + unique + "-"
                + name.substring(0, Math.min(name.length(), MAX_NAME_LENGTH));
    }

    private void prune() throws IOException {
        try (Stream<Path> kept = Files.list(directory)) {
            List<Path> oldestFirst = kept.sorted().toList();
            int surplus = Math.max(0, oldestFirst.size() - MAX_KEPT);
            for (Path old : oldestFirst.subList(0, surplus)) {
                LOG.warnf("%s is removed for good: more than %d rejected files", old, MAX_KEPT);
                delete(old);
            }
        }
    }

    private static void delete(Path old) throws IOException {
        try (Stream<Path> inside = Files.walk(old)) {
            for (Path each : inside.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        }
    }
}
