package dev.ganymede.snapshot;

import dev.ganymede.id.LifeId;
import dev.ganymede.io.DurableFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * The files of data that was not pushed. A gateway can do what it likes in the log directory of its life, at any moment: so each file is first moved, unopened, into
 * {@code <log directory>/rescue}, which no gateway reaches, and looked at there. Blocking; for one caller at a time.
 *
 * <p>Killed anywhere, the next look goes on: what was moved is found there, what was imported is called so only after the commit, and importing twice does nothing.
 */
final class RescueDirectory {

    private static final Logger LOG = Logger.getLogger(RescueDirectory.class);
    private static final String IMPORTED = ".imported";
    private static final String REFUSED = ".refused";
    /** Of one directory; a gateway may fill its own with what it likes. */
    private static final int MAX_ENTRIES = 10_000;

    private final Path logs;
    private final Path rescue;

    RescueDirectory(Path logs) {
        this.logs = logs;
        this.rescue = logs.resolve("rescue");
    }

    /** Moves what gateways have left, so many files at most, and tells which ones wait now: the longest-waiting first, so many at most. */
    List<RescueFile> collect(int limit) throws IOException {
        int room = limit;
        for (Path gateway : directories(logs)) {
            for (Path life : directories(gateway)) {
                room -= take(gateway, life, room);
            }
        }
        return Files.isDirectory(rescue, LinkOption.NOFOLLOW_LINKS) ? waiting(limit) : List.of();
    }

    private int take(Path gateway, Path life, int room) throws IOException {
        Optional<LifeId> id = lifeOf(life);
        if (id.isEmpty() || room == 0) {
            return 0;
        }
        int taken = 0;
        for (Path file : entries(life)) {
            Optional<RescueFile> left = RescueFile.leftBehind(name(gateway), id.get(), name(file));
            if (left.isPresent() && taken < room && !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
                prepare();
                DurableFiles.move(file, path(left.get()));
                taken++;
            }
        }
        return taken;
    }

    private void prepare() throws IOException {
        if (!Files.isDirectory(rescue, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectory(
                    rescue, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
    }

    private List<RescueFile> waiting(int limit) throws IOException {
        record Waiting(RescueFile file, FileTime since) {}
        List<Waiting> waiting = new ArrayList<>();
        for (Path file : entries(rescue)) {
            Optional<RescueFile> taken = RescueFile.taken(name(file));
            if (taken.isPresent()) {
                waiting.add(new Waiting(taken.get(), changed(file)));
            }
        }
        return waiting.stream()
                .sorted(Comparator.comparing(Waiting::since))
                .limit(limit)
                .map(Waiting::file)
                .toList();
    }

    /** Its length; empty: it is no regular file. */
    Optional<Long> sizeBytes(RescueFile file) throws IOException {
        Path path = path(file);
        return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS) ? Optional.of(Files.size(path)) : Optional.empty();
    }

    InputStream open(RescueFile file) throws IOException {
        return Files.newInputStream(path(file), LinkOption.NOFOLLOW_LINKS);
    }

    void imported(RescueFile file, int kept) throws IOException {
        rename(file, IMPORTED);
        removeOld(kept);
    }

    void refused(RescueFile file) throws IOException {
        rename(file, REFUSED);
    }

    /** Others come first the next time. */
    void later(RescueFile file, Instant now) throws IOException {
        Files.setLastModifiedTime(path(file), FileTime.from(now));
    }

    private void rename(RescueFile file, String ending) throws IOException {
        DurableFiles.move(path(file), rescue.resolve(file.takenName() + ending));
        DurableFiles.force(rescue);
    }

    private void removeOld(int kept) throws IOException {
        List<Path> imported = new ArrayList<>();
        for (Path file : entries(rescue)) {
            if (name(file).endsWith(IMPORTED)) {
                imported.add(file);
            }
        }
        if (imported.size() > kept) {
            imported.sort(Comparator.comparing(RescueDirectory::changed).reversed());
            for (Path old : imported.subList(kept, imported.size())) {
                Files.deleteIfExists(old);
            }
        }
    }

    private Path path(RescueFile file) {
        return rescue.resolve(file.takenName());
    }

    private static Optional<LifeId> lifeOf(Path directory) {
        try {
            return Optional.of(LifeId.parse(name(directory)));
        } catch (IllegalArgumentException foreign) {
            return Optional.empty();
        }
    }

    private static List<Path> directories(Path parent) throws IOException {
        return entries(parent).stream()
                .filter(entry -> Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS))
                .toList();
    }

    private static List<Path> entries(Path directory) throws IOException {
        List<Path> entries = new ArrayList<>();
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            return entries;
        }
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
            for (Path entry : all) {
                if (entries.size() == MAX_ENTRIES) {
                    LOG.warnf("%s has more than %d entries; the rest is not looked at", directory, MAX_ENTRIES);
                    break;
                }
                entries.add(entry);
            }
        }
        return entries;
    }

    /** Of a file that is gone: long ago. */
    private static FileTime changed(Path file) {
        try {
            return Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS);
        } catch (IOException gone) {
            return FileTime.fromMillis(0);
        }
    }

    private static String name(Path file) {
        return file.getFileName().toString();
    }
}
