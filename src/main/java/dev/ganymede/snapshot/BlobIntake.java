package dev.ganymede.snapshot;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.function.Consumer;

/** Hashes what comes in, and keeps it until it is stored: in memory up to {@link Blob#CHUNK_BYTES}, beyond that in a file. Of one push, on one thread. */
final class BlobIntake implements BlobReceiver, Closeable {

    private static final int FIRST_BYTES = 64 * 1024;

    private final Path spoolDirectory;
    private final Consumer<Blob> whole;
    private final MessageDigest digest = Sha256.digest();
    private byte[] memory = new byte[FIRST_BYTES];
    private long sizeBytes;
    private Spool spool;

    BlobIntake(Path spoolDirectory, Consumer<Blob> whole) {
        this.spoolDirectory = spoolDirectory;
        this.whole = whole;
    }

    @Override
    public void append(byte[] bytes, int length) {
        digest.update(bytes, 0, length);
        if (sizeBytes + length <= Blob.CHUNK_BYTES) {
            keep(bytes, length);
        } else {
            spill();
            spool.append(bytes, length);
        }
        sizeBytes += length;
    }

    private void keep(byte[] bytes, int length) {
        int needed = (int) sizeBytes + length;
        if (needed > memory.length) {
            memory = Arrays.copyOf(memory, Math.max(needed, Math.min(2 * memory.length, Blob.CHUNK_BYTES)));
        }
        System.arraycopy(bytes, 0, memory, (int) sizeBytes, length);
    }

    /** What of this blob is in memory goes ahead into the file. */
    private void spill() {
        if (spool == null) {
            spool = Spool.open(spoolDirectory);
        }
        if (sizeBytes <= Blob.CHUNK_BYTES) {
            spool.append(memory, (int) sizeBytes);
        }
    }

    @Override
    public Received end() {
        Sha256 sha256 = Sha256.of(digest.digest());
        whole.accept(sizeBytes > Blob.CHUNK_BYTES ? spooled(sha256) : inMemory(sha256));
        Received received = new Received(sha256, sizeBytes);
        sizeBytes = 0;
        return received;
    }

    private Blob inMemory(Sha256 sha256) {
        return Blob.of(sha256, Arrays.copyOf(memory, (int) sizeBytes));
    }

    private Blob spooled(Sha256 sha256) {
        Spool file = spool;
        long start = file.sizeBytes() - sizeBytes;
        return new Blob(sha256, sizeBytes, (offset, length) -> file.read(start + offset, length));
    }

    @Override
    public void close() throws IOException {
        if (spool != null) {
            spool.close();
        }
    }
}
