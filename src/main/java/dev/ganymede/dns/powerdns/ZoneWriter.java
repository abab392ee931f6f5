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
 * §7). A PATCH that is refused for its content is halved until the bad change stands alone and fails alone.
 */
final class ZoneWriter {

    /** An organization's change has at most 1.8 kB, with the longest domain there can be: below the 2 MB that PowerDNS takes. */
    private static final int MAX_BATCH = 1_000;

    /** @param key what the change is about; of two with one key in a batch the later one is made */
    private record Change(String key, List<JsonObject> rrsets, CompletableFuture<Void> outcome) {

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
    private final Batcher<Change> batcher;

    ZoneWriter(PowerDnsClient client, String zone, int queueLimit) {
        this.client = client;
        this.zone = zone;
        this.batcher = new Batcher<>(queueLimit, MAX_BATCH, this::write);
    }

    /** Completes when the server answers the new way. */
    Uni<Void> change(String key, List<JsonObject> rrsets) {
        return CallersContext.resume(Uni.createFrom().deferred(() -> {
            Change change = new Change(key, rrsets, new CompletableFuture<>());
            return batcher.submit(change)
                    .chain(() -> Uni.createFrom().completionStage(change.outcome()))
                    .onFailure(failure -> !(failure instanceof DnsException))
                    .transform(cause -> new DnsException("could not change " + key + " in " + zone, cause));
        }));
    }

    /** Never fails itself: every change carries its own outcome. */
    private Uni<Void> write(List<Change> batch) {
        Map<String, Change> latest = new LinkedHashMap<>();
        batch.forEach(change -> latest.put(change.key(), change));
        return patch(List.copyOf(latest.values()))
                .invoke(() -> batch.forEach(change ->
                        latest.get(change.key()).outcome().whenComplete((done, failure) -> change.settle(failure))));
    }

    private Uni<Void> patch(List<Change> changes) {
        List<JsonObject> rrsets =
                changes.stream().flatMap(change -> change.rrsets().stream()).toList();
        return client.patch(zone, rrsets)
                .invoke(() -> changes.forEach(change -> change.settle(null)))
                .onFailure()
                .recoverWithUni(failure -> afterFailure(changes, failure));
    }

    private Uni<Void> afterFailure(List<Change> changes, Throwable failure) {
        boolean oneIsBad = failure instanceof PowerDnsRefusal refusal && refusal.isAboutContent();
        if (oneIsBad && changes.size() > 1) {
            int half = changes.size() / 2;
            return patch(changes.subList(0, half)).chain(() -> patch(changes.subList(half, changes.size())));
        }
        changes.forEach(change -> change.settle(failure));
        return Uni.createFrom().voidItem();
    }
}
