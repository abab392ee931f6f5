package dev.ganymede.snapshot;

import dev.ganymede.problem.Problem;
import dev.ganymede.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Brings the blobs of one push into the store, in batches: while some are written, the next one is collected. Of one thread, which waits here when the database is
 * slower than the gateway.
 */
final class BlobPipe implements AutoCloseable {

    // PostgreSQL is to begin early, and takes two at the same time faster than one after the other
    private static final long BATCH_BYTES = 2L * 1024 * 1024;
    private static final int UNDER_WAY = 2;
    private static final int BATCH_BLOBS = 500;
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private final BlobStore store;
    private final MemoryBudget memory;
    private final PushMetrics metrics;
    private final Arrival arrival;
    private final Set<Sha256> seen = new HashSet<>();
    private List<Blob> batch = new ArrayList<>();
    private long batchBytes;
    private long allBytes;
    private final Queue<CompletableFuture<Void>> underWay = new ArrayDeque<>();

    BlobPipe(BlobStore store, MemoryBudget memory, PushMetrics metrics, Arrival arrival) {
        this.store = store;
        this.memory = memory;
        this.metrics = metrics;
        this.arrival = arrival;
    }

    void add(Blob blob) {
        if (!seen.add(blob.sha256())) {
            return;
        }
        allBytes += blob.sizeBytes();
        if (allBytes > arrival.quotaBytes()) {
            // its transaction would say so, too, but what was written until then would stay for a while
            throw Problem.of(
                    ProblemType.QUOTA_EXCEEDED,
                    "The push has more than the quota's " + arrival.quotaBytes() + " bytes.");
        }
        if (!blob.isLarge()) {
            hold(blob.sizeBytes());
        }
        batch.add(blob);
        batchBytes += blob.sizeBytes();
        if (batchBytes >= BATCH_BYTES || batch.size() >= BATCH_BLOBS) {
            write();
        }
    }

    /** All blobs are in the store. */
    void finish() {
        if (!batch.isEmpty()) {
            write();
        }
        await(0);
    }

    /** Gives back what was not written; what is being written, when it has been. */
    @Override
    public void close() {
        giveBack(batch);
    }

    /** Whoever would have to wait gives back everything first. */
    private void hold(long bytes) {
        try {
            if (memory.tryTake(bytes)) {
                return;
            }
            finish();
            if (!memory.take(bytes, arrival.leftNanos())) {
                throw overloaded();
            }
        } catch (InterruptedException interrupted) {
            throw interrupted(interrupted);
        }
    }

    private void write() {
        await(UNDER_WAY - 1);
        List<Blob> blobs = batch;
        batch = new ArrayList<>();
        batchBytes = 0;
        underWay.add(store.renew(blobs.stream().map(Blob::sha256).toList())
                .chain(known -> writeUnknown(blobs, known))
                .subscribeAsCompletionStage()
                .whenComplete((written, failure) -> giveBack(blobs)));
    }

    private Uni<Void> writeUnknown(List<Blob> blobs, Set<Sha256> known) {
        List<Blob> unknown =
                blobs.stream().filter(blob -> !known.contains(blob.sha256())).toList();
        return unknown.isEmpty()
                ? Uni.createFrom().voidItem()
                : store.write(unknown)
                        .invoke(() -> metrics.written(
                                unknown.stream().mapToLong(Blob::sizeBytes).sum()));
    }

    /** Not more than so many are under way. */
    private void await(int atMost) {
        while (underWay.size() > atMost) {
            await(underWay.remove());
        }
    }

    private void await(CompletableFuture<Void> write) {
        try {
            write.get(Math.max(0, arrival.leftNanos()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException slow) {
            throw overloaded();
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof RuntimeException cause ? cause : new CompletionException(failed);
        } catch (InterruptedException interrupted) {
            throw interrupted(interrupted);
        }
    }

    private void giveBack(List<Blob> blobs) {
        blobs.stream().filter(blob -> !blob.isLarge()).forEach(blob -> memory.giveBack(blob.sizeBytes()));
    }

    private static Problem overloaded() {
        return Problem.retryable(ProblemType.OVERLOADED, "The database can't keep up with the pushes.", RETRY_AFTER);
    }

    private static IllegalStateException interrupted(InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("interrupted while a push was stored", interrupted);
    }
}
