package dev.ganymede.snapshot;

import dev.ganymede.flow.CallersContext;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.core.buffer.Buffer;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The JSON of one version, some MiB at a time: while a batch is verified, encoded and sent, the next one is read. Nothing more is read before somebody asks. One
 * caller at a time.
 */
final class VersionStream {

    // less is not worth the way to another thread and back
    private static final int WORTH_A_THREAD_BYTES = 64 * 1024;

    private final Version version;
    private final BlobReader blobs;
    private final DataEncoder encoder;
    private final Iterator<Batch> batches;
    private boolean begun;
    private CompletableFuture<List<Piece>> ahead;

    VersionStream(Version version, BlobReader blobs) {
        this.version = version;
        this.blobs = blobs;
        this.encoder = new DataEncoder(version.manifest());
        this.batches = Batch.of(DataEncoder.order(version.manifest())).iterator();
    }

    Version version() {
        return version;
    }

    long lengthBytes() {
        return version.manifest().jsonBytes();
    }

    /** Something is left; also before the first bytes. */
    boolean hasNext() {
        return !begun || ahead != null;
    }

    /** The next bytes, on the caller's context. Fails with {@link DamagedBlobException}; then it is over. */
    Uni<Buffer> next() {
        if (!begun) {
            begun = true;
            readAhead();
        }
        if (ahead == null) {
            return Uni.createFrom().item(DataEncoder.ofNothing());
        }
        return CallersContext.resume(
                Uni.createFrom().completionStage(ahead).invoke(this::readAhead).chain(this::encode));
    }

    private void readAhead() {
        // It runs whether somebody waits for it or not. Not a memoized Uni: that may give its item to who comes at that
        // very moment before it has told him that he is subscribed, and the operators after it lose count.
        ahead = batches.hasNext() ? blobs.read(batches.next()).subscribeAsCompletionStage() : null;
    }

    private Uni<Buffer> encode(List<Piece> pieces) {
        int size = pieces.stream().mapToInt(piece -> piece.content().length()).sum();
        Uni<Buffer> encoded = Uni.createFrom().item(() -> encoder.encode(pieces));
        return size < WORTH_A_THREAD_BYTES ? encoded : encoded.runSubscriptionOn(Infrastructure.getDefaultWorkerPool());
    }
}
