package dev.ganymede.snapshot;

import dev.ganymede.id.LifeId;
import dev.ganymede.io.DurableFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
    /** Of one life in one round: an honest one leaves one file, or two. */
    private static final int PER_LIFE = 2;
    /** Of one gateway, for people to look at; beyond it, what it leaves stays where it is. */
    private static final int MAX_REFUSED = 100;

    private final Path logs;
    private final Path rescue;
    private final Path refused;
    private final Set<String> full = new HashSet<>();
    private String last = "";

    RescueDirectory(Path logs) {
        this.logs = logs;
        this.rescue = logs.resolve("rescue");
        this.refused = rescue.resolve("refused");
    }

    /** Moves what gateways have left, so many files at most, and tells which ones wait now: the longest-waiting first, so many at most. */
    List<RescueFile> collect(int limit, Instant now) throws IOException {
        int room = limit;
        for (Path gateway : inTurn(Listing.directories(logs))) {
            int taken = takeFrom(gateway, room, now);
            if (taken > 0) {
                room -= taken;
                last = Listing.name(gateway);
            }
        }
        return Files.isDirectory(rescue, LinkOption.NOFOLLOW_LINKS) ? waiting(limit) : List.of();
    }

    /** The first one is that after the last one of the round before, so that none takes the room of others for good. */
    private List<Path> inTurn(List<Path> gateways) {
        List<Path> sorted = new ArrayList<>(gateways);
        sorted.sort(Comparator.comparing(Listing::name));
        long before = sorted.stream()
                .filter(gateway -> Listing.name(gateway).compareTo(last) <= 0)
                .count();
        Collections.rotate(sorted, (int) -before);
        return sorted;
    }

    private int takeFrom(Path gateway, int room, Instant now) throws IOException {
        if (room == 0) {
            return 0;
        }
        int most = Math.min(
                room,
                MAX_REFUSED
                        - Listing.entries(refused.resolve(Listing.name(gateway)))
                                .size());
        tellOfFull(Listing.name(gateway), most <= 0);
        int taken = 0;
        for (Path life : Listing.directories(gateway)) {
            taken += take(gateway, life, Math.min(most - taken, PER_LIFE), now);
        }
        return taken;
    }

    private void tellOfFull(String gateway, boolean isFull) {
        if (!isFull) {
            full.remove(gateway);
        } else if (full.add(gateway)) {
            LOG.warnf("%s has %d files that were put aside; what else it leaves stays there", gateway, MAX_REFUSED);
        }
    }

    private int take(Path gateway, Path life, int most, Instant now) throws IOException {
        Optional<LifeId> id = lifeOf(life);
        if (id.isEmpty() || most <= 0) {
            return 0;
        }
        int taken = 0;
        for (Path file : Listing.entries(life)) {
            Optional<RescueFile> left = RescueFile.leftBehind(Listing.name(gateway), id.get(), Listing.name(file));
            if (left.isPresent() && taken < most && !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
                prepare(rescue);
                DurableFiles.move(file, path(left.get()));
                arrived(path(left.get()), now);
                taken++;
            }
        }
        return taken;
    }

    private static void prepare(Path directory) throws IOException {
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
    }

    /** Its time was the gateway's to set, and would decide whose turn it is. What is no file is refused at its turn, and nothing is done to it before. */
    private static void arrived(Path file, Instant now) throws IOException {
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            Files.setLastModifiedTime(file, FileTime.from(now));
        }
    }

    private List<RescueFile> waiting(int limit) throws IOException {
        record Waiting(RescueFile file, FileTime since) {}
        List<Waiting> waiting = new ArrayList<>();
        for (Path file : Listing.entries(rescue)) {
            Optional<RescueFile> taken = RescueFile.taken(Listing.name(file));
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
        rename(file, rescue, IMPORTED);
        removeOld(kept);
    }

    void refused(RescueFile file) throws IOException {
        Path directory = refused.resolve(file.gateway());
        prepare(directory);
        rename(file, directory, REFUSED);
    }

    /** Others come first the next time. */
    void later(RescueFile file, Instant now) throws IOException {
        Files.setLastModifiedTime(path(file), FileTime.from(now));
    }

    private void rename(RescueFile file, Path directory, String ending) throws IOException {
        DurableFiles.move(path(file), directory.resolve(file.takenName() + ending));
        DurableFiles.force(directory);
    }

    private void removeOld(int kept) throws IOException {
        List<Path> imported = new ArrayList<>();
        for (Path file : Listing.entries(rescue)) {
            if (Listing.name(file).endsWith(IMPORTED)) {
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
            return Optional.of(LifeId.parse(Listing.name(directory)));
        } catch (IllegalArgumentException foreign) {
            return Optional.empty();
        }
    }

    /** Of a file that is gone: long ago. */
    private static FileTime changed(Path file) {
        try {
            return Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS);
        } catch (IOException gone) {
            return FileTime.fromMillis(0);
        }
    }
}
