package dev.ganymede.dns;

import dev.ganymede.id.OrganizationId;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A zone in memory, which tests break with {@link #failNext}, {@link #delay} and {@link #damage}. */
public final class FakeDnsZone implements DnsZone {

    private final Map<OrganizationId, Published> names = new LinkedHashMap<>();
    private Duration delay = Duration.ZERO;
    private int failures;
    private boolean ensured;
    private boolean unavailable;
    private volatile Consumer<Set<OrganizationId>> doubtful = nobody -> {};

    /** The server can't be reached for the next calls. */
    public synchronized void failNext(int calls) {
        failures = calls;
    }

    /** As while too many calls have failed: every one fails at once, but a ping goes through. */
    public synchronized void unavailable(boolean on) {
        unavailable = on;
    }

    /** Every call from now on takes so long. */
    public synchronized void delay(Duration duration) {
        delay = duration;
    }

    /** Somebody altered the organization's names by hand. */
    public synchronized void damage(OrganizationId organization) {
        names.put(organization, new Published.Damaged());
    }

    /** Everything is lost, as when the zone was deleted. */
    public synchronized void lose() {
        names.clear();
        ensured = false;
    }

    public synchronized boolean isEnsured() {
        return ensured;
    }

    /** What stands in the zone now. */
    public synchronized Map<OrganizationId, Published> names() {
        return Map.copyOf(names);
    }

    @Override
    public Uni<Map<OrganizationId, Published>> ensure() {
        return call(() -> {
            ensured = true;
            return Map.copyOf(names);
        });
    }

    @Override
    public void onDoubt(Consumer<Set<OrganizationId>> listener) {
        doubtful = listener;
    }

    /** A change of the organization's names was lost on its way and is made only now; the adapter was in doubt about it. */
    public void arriveLate(OrganizationId organization, Optional<Published> change) {
        synchronized (this) {
            change.ifPresentOrElse(to -> names.put(organization, to), () -> names.remove(organization));
        }
        doubtful.accept(Set.of(organization));
    }

    @Override
    public Uni<Void> publish(OrganizationId organization, HostAddress address) {
        return call(() -> {
            names.put(organization, new Published.At(address));
            return null;
        });
    }

    @Override
    public Uni<Void> withdraw(OrganizationId organization) {
        return call(() -> {
            names.remove(organization);
            return null;
        });
    }

    @Override
    public Uni<Map<OrganizationId, Published>> published() {
        return call(() -> Map.copyOf(names));
    }

    @Override
    public synchronized boolean available() {
        return !unavailable;
    }

    @Override
    public Uni<Void> ping() {
        return later(() -> null);
    }

    private <T> Uni<T> call(Supplier<T> work) {
        return later(() -> {
            if (unavailable) {
                throw new DnsException("PowerDNS kept failing and is not asked for a moment");
            }
            return work.get();
        });
    }

    private <T> Uni<T> later(Supplier<T> work) {
        return Uni.createFrom().deferred(() -> {
            Uni<T> answer = Uni.createFrom().item(() -> answer(work));
            Duration wait = currentDelay();
            return wait.isZero()
                    ? answer
                    : Uni.createFrom().voidItem().onItem().delayIt().by(wait).chain(() -> answer);
        });
    }

    private synchronized Duration currentDelay() {
        return delay;
    }

    private synchronized <T> T answer(Supplier<T> work) {
        if (failures > 0) {
            failures--;
            throw new DnsException("the DNS server can't be reached");
        }
        return work.get();
    }
}
