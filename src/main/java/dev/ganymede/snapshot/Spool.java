package dev.ganymede.snapshot;

import dev.ganymede.problem.Problem;
import dev.ganymede.problem.ProblemType;
import io.vertx.core.buffer.Buffer;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * A file for what is too large to wait in memory. It has no name from its first byte on: whatever becomes of this process, nothing is left behind.
 *
 * <p>One thread appends; what was appended may be read by any.
 */
final class Spool implements Closeable {

    private static final Logger LOG = Logger.getLogger(Spool.class);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(30);

    private final FileChannel file;
    private long sizeBytes;

    private Spool(FileChannel file) {
        this.file = file;
    }

    static Spool open(Path directory) {
        try {
            Files.createDirectories(directory);
            Path path = Files.createTempFile(directory, "push-", ".spool");
            FileChannel file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
            Files.delete(path);
            return new Spool(file);
        } catch (IOException failure) {
            throw full(failure);
        }
    }

    long sizeBytes() {
        return sizeBytes;
    }

    void append(byte[] bytes, int length) {
        ByteBuffer rest = ByteBuffer.wrap(bytes, 0, length);
        try {
            while (rest.hasRemaining()) {
                sizeBytes += file.write(rest, sizeBytes);
            }
        } catch (IOException failure) {
            throw full(failure);
        }
    }

    Buffer read(long offset, int length) {
        ByteBuffer content = ByteBuffer.allocate(length);
        try {
            while (content.hasRemaining()) {
                if (file.read(content, offset + content.position()) < 0) {
                    throw new EOFException("the spool ends before " + (offset + length));
                }
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return Buffer.buffer(content.array());
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private static Problem full(IOException failure) {
        LOG.errorf("a push can't be kept on disk while it arrives: %s", failure);
        return Problem.retryable(ProblemType.OVERLOADED, "There is no room to take the push in.", RETRY_AFTER);
    }
}
