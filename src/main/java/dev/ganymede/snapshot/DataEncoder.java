package dev.ganymede.snapshot;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * Turns the pieces of a snapshot, one after the other, into the JSON that its {@link Manifest} stands for, and compares every blob with its hash while it passes. The
 * last bytes of the JSON come after the last comparison: what is whole is right. Not thread-safe.
 */
final class DataEncoder {

    private static final int SLICE_BYTES = 192 * 1024;
    private static final int TEXT_BYTES = 64;

    private final List<Part> parts;
    private final byte[] slice;
    private final byte[] encoded;
    private final MessageDigest digest = Sha256.digest();
    private int part;
    private boolean begun;
    private long seenBytes;
    private int carried;

    DataEncoder(Manifest manifest) {
        this.parts = order(manifest);
        long largest = parts.stream().mapToLong(Part::sizeBytes).max().orElse(0);
        this.slice = new byte[(int) Math.min(SLICE_BYTES, (largest + 2) / 3 * 3 + 3)];
        this.encoded = new byte[slice.length / 3 * 4];
    }

    /** As they are in the JSON: the {@code gateway_state} comes last, wherever it was when it was pushed. */
    static List<Part> order(Manifest manifest) {
        List<Part> ordered = new ArrayList<>(manifest.projects());
        manifest.parts().stream().filter(part -> part.project().isEmpty()).forEach(ordered::add);
        return ordered;
    }

    /** The JSON of a snapshot in which there is nothing: no piece of it comes by. */
    static Buffer ofNothing() {
        return Buffer.buffer("{\"yjs_state\":{}}");
    }

    /** The next bytes. Fails with {@link DamagedBlobException}; afterwards this is of no use any more. */
    Buffer encode(List<Piece> pieces) {
        int size = pieces.stream()
                .mapToInt(piece -> TEXT_BYTES + piece.content().length() / 3 * 4)
                .sum();
        Buffer out = Buffer.buffer(size);
        pieces.forEach(piece -> encode(piece, out));
        return out;
    }

    private void encode(Piece piece, Buffer out) {
        Part expected = parts.get(part);
        if (!piece.part().equals(expected)) {
            throw new IllegalStateException("part " + part + " is " + expected.name() + ", not "
                    + piece.part().name());
        }
        if (!begun) {
            out.appendString(before(expected));
            begun = true;
        }
        seenBytes += piece.content().length();
        if (seenBytes > expected.sizeBytes()) {
            throw new DamagedBlobException(expected.sha256(), "is longer than its " + expected.sizeBytes() + " bytes");
        }
        content(piece, out);
        if (piece.last()) {
            end(expected, out);
        }
    }

    private String before(Part next) {
        String begin = part == 0 ? "{\"yjs_state\":{" : "";
        return next.project()
                .map(project -> begin + (part == 0 ? "\"" : ",\"") + project + "\":\"")
                .orElse(begin + "},\"gateway_state\":");
    }

    private void content(Piece piece, Buffer out) {
        Buffer content = piece.content();
        int at = 0;
        while (at < content.length()) {
            int length = Math.min(slice.length - carried, content.length() - at);
            content.getBytes(at, at + length, slice, carried);
            digest.update(slice, carried, length);
            at += length;
            if (piece.part().project().isPresent()) {
                base64(carried + length, out);
            } else {
                out.appendBytes(slice, 0, length);
            }
        }
    }

    /** What does not make a group is kept for the next slice. */
    private void base64(int length, Buffer out) {
        int taken = Base64Groups.encode(slice, length, encoded);
        out.appendBytes(encoded, 0, taken / 3 * 4);
        carried = length - taken;
        System.arraycopy(slice, taken, slice, 0, carried);
    }

    private void end(Part ended, Buffer out) {
        if (seenBytes != ended.sizeBytes()) {
            throw new DamagedBlobException(ended.sha256(), "has " + seenBytes + " of " + ended.sizeBytes() + " bytes");
        }
        if (!Sha256.of(digest.digest()).equals(ended.sha256())) {
            throw new DamagedBlobException(ended.sha256(), "has another content than its hash says");
        }
        boolean project = ended.project().isPresent();
        if (project) {
            out.appendBytes(Base64.getEncoder().encode(Arrays.copyOf(slice, carried)));
            out.appendString("\"");
        }
        part++;
        begun = false;
        seenBytes = 0;
        carried = 0;
        if (part == parts.size()) {
            out.appendBytes((project ? "}}" : "}").getBytes(StandardCharsets.US_ASCII));
        }
    }
}
