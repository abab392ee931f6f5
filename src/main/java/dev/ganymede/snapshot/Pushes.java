package dev.ganymede.snapshot;

import dev.ganymede.problem.Problem;
import dev.ganymede.problem.ProblemType;
import dev.ganymede.secret.SecretHash;
import dev.ganymede.snapshot.ReceivedPush.ReceivedPart;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** Takes pushes in, from the first byte to the disk; blocks. An answered push is on disk; a refused one has changed nothing. */
@ApplicationScoped
class Pushes {

    private static final Duration COMMIT_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private final SnapshotConfig config;
    private final BlobStore store;
    private final KnownBlobs knownBlobs;
    private final MemoryBudget memory;
    private final LargeValues largeValues;
    private final SnapshotCommit commit;
    private final Claims claims;
    private final PushMetrics metrics;
    private final AtomicInteger running = new AtomicInteger();

    Pushes(
            SnapshotConfig config,
            BlobStore store,
            KnownBlobs knownBlobs,
            MemoryBudget memory,
            LargeValues largeValues,
            SnapshotCommit commit,
            Claims claims,
            PushMetrics metrics) {
        this.config = config;
        this.store = store;
        this.knownBlobs = knownBlobs;
        this.memory = memory;
        this.largeValues = largeValues;
        this.commit = commit;
        this.claims = claims;
        this.metrics = metrics;
    }

    PushResult push(SecretHash gatewayToken, HttpServerRequest request, Arrival arrival) throws IOException {
        long began = System.nanoTime();
        // a caller that leaves is counted no more where it was let in, but what was begun for it goes on for a while
        int now = running.incrementAndGet();
        try {
            if (now > config.maxConcurrentPushes()) {
                throw Problem.retryable(ProblemType.OVERLOADED, "Too many pushes are still being stored.", RETRY_AFTER);
            }
            ReceivedPush received = receive(request, arrival);
            PushResult result = commit(gatewayToken, received, arrival);
            metrics.accepted(result, Duration.ofNanos(System.nanoTime() - began));
            return result;
        } catch (IOException | RuntimeException failure) {
            metrics.refused(failure);
            throw failure;
        } finally {
            running.decrementAndGet();
        }
    }

    private ReceivedPush receive(HttpServerRequest request, Arrival arrival) throws IOException {
        try (PushStream body = new PushStream(request, arrival, config).open();
                BlobPipe pipe = new BlobPipe(store, memory, metrics, arrival);
                BlobIntake intake = new BlobIntake(config.spoolDirectory(), pipe::add)) {
            ReceivedPush received = PushReader.read(body, intake, largeValues.turn(arrival));
            metrics.received(body.readBytes());
            pipe.finish();
            return received;
        }
    }

    private PushResult commit(SecretHash gatewayToken, ReceivedPush received, Arrival arrival) {
        Claim claim = new Claim(gatewayToken, received.organization(), received.gateway());
        return knownBlobs
                .of(received.organization(), received.references())
                .map(known -> push(received, known, arrival))
                .chain(push -> commit.push(gatewayToken, push))
                .chain(result -> result.map(Uni.createFrom()::item).orElseGet(() -> claims.refuse(claim)))
                .ifNoItem()
                .after(COMMIT_TIMEOUT)
                .recoverWithUni(() -> Uni.createFrom().failure(unsure()))
                .await()
                .indefinitely();
    }

    /** It may be stored or not: the gateway's next attempt finds out. */
    private static Problem unsure() {
        return Problem.retryable(ProblemType.DEPENDENCY_UNAVAILABLE, "The database does not answer.", RETRY_AFTER);
    }

    static Push push(ReceivedPush received, Map<Sha256, Long> known, Arrival arrival) {
        List<Part> parts = received.parts().stream()
                .map(part -> new Part(part.project(), part.sha256(), sizeBytes(part, known)))
                .toList();
        return new Push(
                received.organization(),
                received.gateway(),
                received.takenAt(),
                received.sequence(),
                received.recovered(),
                new Manifest(parts),
                arrival.ticket());
    }

    private static long sizeBytes(ReceivedPart part, Map<Sha256, Long> known) {
        if (part.sizeBytes().isPresent()) {
            return part.sizeBytes().getAsLong();
        }
        Long stored = known.get(part.sha256());
        if (stored == null) {
            throw Problem.of(ProblemType.BLOBS_MISSING, part.field() + " refers to what is not stored.");
        }
        return stored;
    }

    /** Those of them that a push of this claim may refer to. */
    Uni<Set<Sha256>> known(Claim claim, Collection<Sha256> wanted) {
        return claims.check(claim)
                .chain(() -> knownBlobs.of(claim.organization(), wanted))
                .map(Map::keySet);
    }
}
