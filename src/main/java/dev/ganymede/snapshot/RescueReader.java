package dev.ganymede.snapshot;

import dev.ganymede.id.GatewayId;
import dev.ganymede.problem.Problem;
import dev.ganymede.problem.ProblemType;
import dev.ganymede.snapshot.ReceivedPush.ReceivedPart;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Reads a rescued file as a push is read, and brings its blobs into the store. It must be whole and of whom its name says; what is wrong is a {@link Problem}.
 * Blocking; of one file.
 */
final class RescueReader {

    private static final long BATCH_BYTES = 4L * 1024 * 1024;
    private static final Duration WRITE_TIMEOUT = Duration.ofMinutes(2);

    private final BlobStore store;
    private final List<Blob> batch = new ArrayList<>();
    private long batchBytes;

    private RescueReader(BlobStore store) {
        this.store = store;
    }

    /**
     * What was read.
     *
     * @param lineage the restores that the data includes; empty: it does not say
     */
    record Rescued(Instant takenAt, OptionalLong lineage, Manifest manifest) {}

    /** Where the content is kept meanwhile, and how much of it there may be. */
    record Limits(Path spoolDirectory, long maxBytes) {}

    static Rescued read(InputStream file, RescueFile expected, GatewayId gateway, BlobStore store, Limits limits)
            throws IOException {
        RescueReader reader = new RescueReader(store);
        try (InputStream bounded = new Bounded(file, limits.maxBytes());
                BlobIntake intake = new BlobIntake(limits.spoolDirectory(), reader::add)) {
            ReceivedPush push = PushReader.read(bounded, intake);
            if (!push.organization().equals(expected.organization())
                    || !push.gateway().equals(gateway)) {
                throw Problem.of(ProblemType.FORBIDDEN, "it is of another organization or gateway than its name says");
            }
            Manifest manifest =
                    new Manifest(push.parts().stream().map(RescueReader::part).toList());
            reader.write();
            return new Rescued(push.takenAt(), push.lineage(), manifest);
        }
    }

    /** Nobody is there any more to send what is only referred to; and who may refer to what is not checked here. */
    private static Part part(ReceivedPart part) {
        return new Part(
                part.project(),
                part.sha256(),
                part.sizeBytes()
                        .orElseThrow(() -> Problem.invalid(part.field(), "must be there itself, not referred to")));
    }

    private void add(Blob blob) {
        batch.add(blob);
        batchBytes += blob.sizeBytes();
        if (batchBytes >= BATCH_BYTES) {
            write();
        }
    }

    private void write() {
        if (!batch.isEmpty()) {
            store.write(List.copyOf(batch)).await().atMost(WRITE_TIMEOUT);
            batch.clear();
            batchBytes = 0;
        }
    }

    /** A file may grow while it is read. */
    private static final class Bounded extends FilterInputStream {

        private long left;

        Bounded(InputStream in, long maxBytes) {
            super(in);
            this.left = maxBytes;
        }

        @Override
        public int read() throws IOException {
            return count(super.read(), 1);
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = super.read(bytes, offset, length);
            return count(read, read);
        }

        private int count(int result, int bytes) {
            left -= result < 0 ? 0 : bytes;
            if (left < 0) {
                throw Problem.of(ProblemType.PAYLOAD_TOO_LARGE, "it is too large");
            }
            return result;
        }
    }
}
