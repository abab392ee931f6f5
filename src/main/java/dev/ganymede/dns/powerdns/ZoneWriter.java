package dev.ganymede.dns.powerdns;

import dev.ganymede.dns.DnsException;
import dev.ganymede.flow.Batcher;
import dev.ganymede.flow.CallersContext;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The zone's one writer: whatever waits becomes one PATCH, in which the last change of the same thing wins.
 *
 * <p>Concurrent PATCHes of a zone have duplicated records in the wild, and one PATCH for a hundred organizations costs little more than one for one (DESIGN
 * §7). Of a PATCH that is refused for its content the bad change is tried once more by itself with its obstacles removed, and fails alone. PowerDNS works through a
 * PATCH in order and names the record at which it stopped: what comes before is right, so nothing is written more than twice, however many are bad.
 */
final class ZoneWriter {

    /** Half of what PowerDNS takes: 1,000 organizations and more, and done well within the time of one request. */
    static final int MAX_PATCH_BYTES = 1_000_000;

    private record Waiting(ZoneChange change, long sizeBytes, CompletableFuture<Void> outcome) {

        Waiting(ZoneChange change) {
            this(change, change.sizeBytes(), new CompletableFuture<>());
        }

        Waiting thorough() {
            return new Waiting(change.thorough(), sizeBytes, outcome);
        }

        void settle(Throwable failure) {
            if (failure == null) {
                outcome.complete(null);
            } else {
                outcome.completeExceptionally(failure);
            }
        }
    }

    private final PowerDnsClient client;
    private final String zone;
    private final Consumer<Set<String>> lost;
    private final Batcher<Waiting> batcher;

    /** @param lost told of the keys of a PATCH without an answer, which may still be made after the next ones */
    ZoneWriter(PowerDnsClient client, String zone, int queueLimit, Consumer<Set<String>> lost) {
        this.client = client;
        this.zone = zone;
        this.lost = lost;
        this.batcher = new Batcher<>(queueLimit, MAX_PATCH_BYTES, Waiting::sizeBytes, this::writeAll);
    }

    /** Completes when the server answers the new way. */
    Uni<Void> write(ZoneChange change) {
        return CallersContext.resume(Uni.createFrom().deferred(() -> {
            Waiting waiting = new Waiting(change);
            return batcher.submit(waiting)
                    .chain(() -> Uni.createFrom().completionStage(waiting.outcome()))
                    .onFailure(failure -> !(failure instanceof DnsException))
                    .transform(cause -> new DnsException("could not change " + change.key() + " in " + zone, cause));
        }));
    }

    /** Never fails itself: every change carries its own outcome. */
    private Uni<Void> writeAll(List<Waiting> batch) {
        Map<String, Waiting> latest = new LinkedHashMap<>();
        batch.forEach(waiting -> latest.put(waiting.change().key(), waiting));
        return patch(List.copyOf(latest.values()))
                .invoke(() ->
                        batch.forEach(waiting -> latest.get(waiting.change().key())
                                .outcome()
                                .whenComplete((done, failure) -> waiting.settle(failure))));
    }

    private Uni<Void> patch(List<Waiting> batch) {
        if (batch.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        List<JsonObject> rrsets = batch.stream()
                .flatMap(waiting -> waiting.change().rrsets().stream())
                .toList();
        return client.patch(zone, rrsets, () -> lost.accept(keys(batch)))
                .invoke(() -> batch.forEach(waiting -> waiting.settle(null)))
                .onFailure()
                .recoverWithUni(failure -> afterFailure(batch, failure));
    }

    private Uni<Void> afterFailure(List<Waiting> batch, Throwable failure) {
        if (failure instanceof PowerDnsRefusal refusal && refusal.isAboutContent()) {
            if (batch.size() > 1) {
                return apart(batch, refusal);
            }
            if (!batch.get(0).change().obstacles().isEmpty()) {
                return patch(List.of(batch.get(0).thorough()));
            }
        }
        batch.forEach(waiting -> waiting.settle(failure));
        return Uni.createFrom().voidItem();
    }

    /** Halves, when the server does not say which one it is; the bad one comes last, since it may take two PATCHes more. */
    private Uni<Void> apart(List<Waiting> batch, PowerDnsRefusal refusal) {
        int size = batch.size();
        OptionalInt named = IntStream.range(0, size)
                .filter(index -> refusal.names(batch.get(index).change().names()))
                .findFirst();
        int bad = named.orElse(size / 2);
        int next = named.isPresent() ? bad + 1 : bad;
        return patch(batch.subList(0, bad))
                .chain(() -> patch(batch.subList(next, size)))
                .chain(() -> patch(batch.subList(bad, next)));
    }

    private static Set<String> keys(List<Waiting> batch) {
        return batch.stream().map(waiting -> waiting.change().key()).collect(Collectors.toUnmodifiableSet());
    }
}
