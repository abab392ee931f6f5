package dev.ganymede.edge.nginx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * What was made of files that have not changed since: the rounds would otherwise read thousands of them. A file's identity, size and time tell accidents, not
 * somebody who sets the time back. Thread-safe.
 */
final class SeenFiles<T> {

    /** Files change within one tick of the system's clock without showing it; one that changed just now is read again. */
    private static final Duration SETTLED = Duration.ofSeconds(2);

    private record Stamp(Object key, long sizeBytes, FileTime modified) {}

    private record Seen<T>(Stamp stamp, T made) {}

    private final Clock clock;
    private final Map<String, Seen<T>> seen = new ConcurrentHashMap<>();

    SeenFiles(Clock clock) {
        this.clock = clock;
    }

    /** What this function makes of the file, or made of it when it was as it is now; a function that fails has made nothing. */
    T of(String name, Path file, Function<String, T> make) {
        Optional<Stamp> stamp = stamp(file);
        Seen<T> known = seen.get(name);
        if (known != null && stamp.isPresent() && known.stamp().equals(stamp.get())) {
            return known.made();
        }
        T made = make.apply(name);
        if (stamp.filter(this::isSettled).isPresent()) {
            seen.put(name, new Seen<>(stamp.get(), made));
        } else {
            seen.remove(name);
        }
        return made;
    }

    /** Forgets all others. */
    void keep(Collection<String> names) {
        seen.keySet().retainAll(names);
    }

    private boolean isSettled(Stamp stamp) {
        return stamp.modified().toInstant().isBefore(clock.instant().minus(SETTLED));
    }

    private static Optional<Stamp> stamp(Path file) {
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return Optional.of(new Stamp(now.fileKey(), now.size(), now.lastModifiedTime()));
        } catch (IOException unreadable) {
            // whoever reads it will say why
            return Optional.empty();
        }
    }
}
