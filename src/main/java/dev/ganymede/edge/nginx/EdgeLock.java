package dev.ganymede.edge.nginx;

import dev.ganymede.edge.EdgeException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;

/**
 * One writer at a time in an edge directory, among the threads of this process and all processes of this machine. Blocking, bounded.
 *
 * <p>The system frees the lock when its holder dies, however it dies. It belongs to a process, not to a thread, hence the second lock; and closing any
 * channel of the file gives it up, so nothing else may open it.
 */
final class EdgeLock {

    private static final Logger LOG = Logger.getLogger(EdgeLock.class);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(3);
    private static final Map<Path, ReentrantLock> IN_THIS_PROCESS = new ConcurrentHashMap<>();

    private final Path file;
    private final Duration patience;

    EdgeLock(Path file, Duration patience) {
        this.file = file.toAbsolutePath().normalize();
        this.patience = patience;
    }

    /** Runs the work alone; fails with {@link EdgeException} when its turn does not come in time. */
    void run(Runnable work) {
        long deadline = System.nanoTime() + patience.toNanos();
        ReentrantLock ours = IN_THIS_PROCESS.computeIfAbsent(file, path -> new ReentrantLock(true));
        await(ours, deadline);
        try (FileChannel theirs = locked(deadline)) {
            LOG.tracef("alone in the edge's directory: %s", theirs);
            work.run();
        } catch (IOException e) {
            throw new EdgeException("the edge's lock " + file + " cannot be used", e);
        } finally {
            ours.unlock();
        }
    }

    private void await(ReentrantLock ours, long deadline) {
        try {
            if (!ours.tryLock(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                throw taken();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EdgeException("interrupted while somebody else changed the edge", e);
        }
    }

    private FileChannel locked(long deadline) throws IOException {
        Files.createDirectories(file.getParent());
        do {
            FileChannel channel = lockedOrNull();
            if (channel != null) {
                return channel;
            }
            LockSupport.parkNanos(POLL_NANOS);
        } while (System.nanoTime() < deadline);
        throw taken();
    }

    /** A file that was removed and made again while it was being opened is another lock: only the one that has the name counts. */
    private FileChannel lockedOrNull() throws IOException {
        Optional<Object> named = identity();
        if (named.isEmpty()) {
            FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)
                    .close();
            return null;
        }
        FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        boolean ours = false;
        try {
            ours = channel.tryLock() != null && named.equals(identity());
            return ours ? channel : null;
        } finally {
            if (!ours) {
                channel.close();
            }
        }
    }

    private Optional<Object> identity() throws IOException {
        try {
            return Optional.of(
                    Files.readAttributes(file, BasicFileAttributes.class).fileKey());
        } catch (NoSuchFileException removed) {
            return Optional.empty();
        }
    }

    private EdgeException taken() {
        return new EdgeException("somebody else has been changing the edge for " + patience.toMillis() + " ms");
    }
}
