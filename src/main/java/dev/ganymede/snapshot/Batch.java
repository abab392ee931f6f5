package dev.ganymede.snapshot;

import java.util.ArrayList;
import java.util.List;

/** What one query reads of a snapshot: so much at a time, in the order in which it is sent. */
sealed interface Batch {

    /** A batch is full when it has as much; it never has more than this and one chunk. */
    int FULL_BYTES = Blob.CHUNK_BYTES;

    /** So many at most, whatever their size. */
    int MAX_BLOBS = 1_000;

    /** Some small blobs, one after the other. */
    record Small(List<Part> parts) implements Batch {}

    /** Some chunks of a large one: from the first to the one before {@code until}. */
    record Chunks(Part part, int from, int until) implements Batch {

        int count() {
            return (int) ((part.sizeBytes() + Blob.CHUNK_BYTES - 1) / Blob.CHUNK_BYTES);
        }
    }

    /** The whole snapshot. */
    static List<Batch> of(List<Part> parts) {
        List<Batch> batches = new ArrayList<>();
        List<Part> small = new ArrayList<>();
        long smallBytes = 0;
        for (Part part : parts) {
            boolean large = part.sizeBytes() > Blob.CHUNK_BYTES;
            if (!small.isEmpty() && (large || smallBytes >= FULL_BYTES || small.size() == MAX_BLOBS)) {
                batches.add(new Small(List.copyOf(small)));
                small.clear();
                smallBytes = 0;
            }
            if (large) {
                addChunks(batches, part);
            } else {
                small.add(part);
                smallBytes += part.sizeBytes();
            }
        }
        if (!small.isEmpty()) {
            batches.add(new Small(List.copyOf(small)));
        }
        return batches;
    }

    private static void addChunks(List<Batch> batches, Part part) {
        int atOnce = FULL_BYTES / Blob.CHUNK_BYTES;
        int count = new Chunks(part, 0, 0).count();
        for (int from = 0; from < count; from += atOnce) {
            batches.add(new Chunks(part, from, Math.min(count, from + atOnce)));
        }
    }
}
