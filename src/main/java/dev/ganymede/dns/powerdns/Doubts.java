package dev.ganymede.dns.powerdns;

import dev.ganymede.id.OrganizationId;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The organizations whose names a change without an answer may still alter: PowerDNS goes on with a request that it has read, however long that takes, and nothing
 * says when it is over.
 *
 * <p>Whoever knows how the names should stand is asked to look, at even distances, until some looks after the last loss; then the reconciler's rounds are left.
 * Not this class but the listener writes, since only the database knows what another process has changed meanwhile. Thread-safe; holds each organization once.
 */
final class Doubts {

    /** With the usual pause, as long as it is to the next round of the reconciler. */
    private static final int LOOKS = 5;

    private final Duration pause;
    private final Map<OrganizationId, Integer> looksLeft = new HashMap<>();
    private volatile Consumer<Set<OrganizationId>> listener = nobody -> {};

    Doubts(Duration pause) {
        this.pause = pause;
    }

    void tell(Consumer<Set<OrganizationId>> listener) {
        this.listener = listener;
    }

    void lost(Set<OrganizationId> organizations) {
        boolean waiting;
        synchronized (looksLeft) {
            waiting = !looksLeft.isEmpty();
            organizations.forEach(organization -> looksLeft.put(organization, LOOKS));
        }
        if (!waiting && !organizations.isEmpty()) {
            lookLater();
        }
    }

    private void lookLater() {
        Uni.createFrom().voidItem().onItem().delayIt().by(pause).subscribe().with(now -> look());
    }

    private void look() {
        Set<OrganizationId> doubtful;
        boolean last;
        synchronized (looksLeft) {
            doubtful = Set.copyOf(looksLeft.keySet());
            looksLeft.replaceAll((organization, looks) -> looks - 1);
            looksLeft.values().removeIf(looks -> looks == 0);
            last = looksLeft.isEmpty();
        }
        if (!last) {
            lookLater();
        }
        listener.accept(doubtful);
    }
}
