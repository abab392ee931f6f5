package dev.ganymede.snapshot;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;

/**
 * What a snapshot is made of, in the order in which it was pushed; a project is in it once.
 *
 * <p>The JSON that it stands for, the {@code data} of the seed, is {@code {"yjs_state":{"<project>":"<base64>",…},"gateway_state":<as it was sent>}} without a space;
 * without a {@code gateway_state} when none was sent.
 */
record Manifest(List<Part> parts) {

    /** The field of the wire format, and the last line of a digest. */
    static final String GATEWAY_STATE = "gateway_state";

    private static final int EMPTY_DATA_BYTES = "{\"yjs_state\":{}}".length();
    private static final int PROJECT_BYTES = "\"00000000-0000-0000-0000-000000000000\":\"\"".length();
    private static final int GATEWAY_STATE_BYTES = ",\"gateway_state\":".length();
    private static final Comparator<Part> BY_PROJECT =
            Comparator.comparing(part -> part.project().isEmpty() ? "~" : part.name());

    Manifest {
        parts = List.copyOf(parts);
    }

    List<Part> projects() {
        return parts.stream().filter(part -> part.project().isPresent()).toList();
    }

    /**
     * Two manifests with one digest hold the same: SHA-256 over one line {@code <project>:<SHA-256 of its state>} for each project, sorted, and one for the {@code
     * gateway_state}. A gateway computes it in the same way.
     */
    Sha256 digest() {
        StringBuilder lines = new StringBuilder();
        parts.stream().sorted(BY_PROJECT).forEach(part -> lines.append(part.name())
                .append(':')
                .append(part.sha256().hex())
                .append('\n'));
        return Sha256.hash(lines.toString().getBytes(StandardCharsets.US_ASCII));
    }

    /** Of all blobs together, each counted once. */
    long storedBytes() {
        return parts.stream()
                .collect(java.util.stream.Collectors.toMap(Part::sha256, Part::sizeBytes, (one, same) -> one))
                .values()
                .stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    /** Length of the JSON that it stands for. */
    long jsonBytes() {
        long projects = projects().size();
        return EMPTY_DATA_BYTES
                + projects * PROJECT_BYTES
                + Math.max(0, projects - 1)
                + parts.stream().mapToLong(Manifest::jsonBytes).sum();
    }

    private static long jsonBytes(Part part) {
        return part.project().isPresent() ? base64Bytes(part.sizeBytes()) : GATEWAY_STATE_BYTES + part.sizeBytes();
    }

    static long base64Bytes(long sizeBytes) {
        return (sizeBytes + 2) / 3 * 4;
    }
}
