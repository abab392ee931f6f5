package dev.ganymede.dns.powerdns;

import dev.ganymede.dns.DnsException;
import dev.ganymede.flow.Batcher;
import dev.ganymede.flow.CallersContext;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * The zone's one writer: whatever waits becomes one PATCH, in which the last change of the same thing wins.
 *
 * <p>Concurrent PATCHes of a zone have duplicated records in the wild, and one PATCH for a hundred organizations costs little more than one for one (DESIGN
 * §7). A PATCH that is refused for its content is halved until the bad change stands alone, is tried
 * once more with its obstacles removed, and fails alone.
 */
final class ZoneWriter {

    /** An organization's change has at most 1.2 kB, with the longest domain there can be: below the 2 MB that PowerDNS takes. */
    private static final int MAX_BATCH = 1_000;

    private record Waiting(ZoneChange change, CompletableFuture<Void> outcome) {

        Waiting(ZoneChange change) {
            this(change, new CompletableFuture<>());
        }

        Waiting thorough() {
            return new Waiting(change.thorough(), outcome);
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
    private final Batcher<Waiting> batcher;

    ZoneWriter(PowerDnsClient client, String zone, int queueLimit) {
        this.client = client;
        this.zone = zone;
        this.batcher = new Batcher<>(queueLimit, MAX_BATCH, this::writeAll);
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
        List<JsonObject> rrsets = batch.stream()
                .flatMap(waiting -> waiting.change().rrsets().stream())
                .toList();
        return client.patch(zone, rrsets)
                .invoke(() -> batch.forEach(waiting -> waiting.settle(null)))
                .onFailure()
                .recoverWithUni(failure -> afterFailure(batch, failure));
    }

    private Uni<Void> afterFailure(List<Waiting> batch, Throwable failure) {
        boolean oneIsBad = failure instanceof PowerDnsRefusal refusal && refusal.isAboutContent();
        if (oneIsBad && batch.size() > 1) {
            int half = batch.size() / 2;
            return patch(batch.subList(0, half)).chain(() -> patch(batch.subList(half, batch.size())));
        }
        if (oneIsBad && !batch.get(0).change().obstacles().isEmpty()) {
            return patch(List.of(batch.get(0).thorough()));
        }
        batch.forEach(waiting -> waiting.settle(failure));
        return Uni.createFrom().voidItem();
    }
}
