package dev.ganymede.edge.nginx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * What was made of files that have not changed since: the rounds would otherwise read thousands of them. The time of a file's last change, of content or of rights,
 * cannot be set by anybody. Thread-safe.
 */
final class SeenFiles<T> {

    /** Files change within one tick of the system's clock without showing it; one that changed just now is read again. */
    private static final Duration SETTLED = Duration.ofSeconds(2);

    private record Seen<T>(Map<String, Object> stamp, T made) {}

    private final Clock clock;
    private final Map<String, Seen<T>> seen = new ConcurrentHashMap<>();

    SeenFiles(Clock clock) {
        this.clock = clock;
    }

    /** What this function makes of the file, or made of it when it was as it is now; a function that fails has made nothing. */
    T of(String name, Path file, Function<String, T> make) {
        Optional<Map<String, Object>> stamp = stamp(file);
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

    private boolean isSettled(Map<String, Object> stamp) {
        FileTime changed = (FileTime) stamp.get("ctime");
        return changed.toInstant().isBefore(clock.instant().minus(SETTLED));
    }

    private static Optional<Map<String, Object>> stamp(Path file) {
        try {
            return Optional.of(
                    Files.readAttributes(file, "unix:ino,size,mode,ctime,lastModifiedTime", LinkOption.NOFOLLOW_LINKS));
        } catch (IOException unreadable) {
            // whoever reads it will say why
            return Optional.empty();
        }
    }
}
