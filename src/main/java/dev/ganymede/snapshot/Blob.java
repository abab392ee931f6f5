package dev.ganymede.snapshot;

import io.vertx.core.buffer.Buffer;

/**
 * Content on its way into the store.
 *
 * @param sizeBytes of the whole content
 */
record Blob(Sha256 sha256, long sizeBytes, Chunks chunks) {

    /** The longest content that is one row; what is longer is cut into chunks of this length. */
    static final int CHUNK_BYTES = 1024 * 1024;

    /** Where the content is: in memory, or in a file. */
    @FunctionalInterface
    interface Chunks {

        /** So many bytes from this place on; blocks when they are in a file. */
        Buffer read(long offset, int length);
    }

    /** Content that is in memory; the array is not copied. */
    static Blob of(byte[] content) {
        return of(Sha256.hash(content), content);
    }

    static Blob of(Sha256 sha256, byte[] content) {
        return new Blob(sha256, content.length, (offset, length) -> Buffer.buffer(length)
                .setBytes(0, content, Math.toIntExact(offset), length));
    }

    boolean isLarge() {
        return sizeBytes > CHUNK_BYTES;
    }

    int chunkCount() {
        return Math.toIntExact((sizeBytes + CHUNK_BYTES - 1) / CHUNK_BYTES);
    }

    Buffer chunk(int position) {
        long offset = (long) position * CHUNK_BYTES;
        return chunks.read(offset, (int) Math.min(CHUNK_BYTES, sizeBytes - offset));
    }
}
