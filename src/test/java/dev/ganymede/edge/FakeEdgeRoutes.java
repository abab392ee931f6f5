package dev.ganymede.edge;

import dev.ganymede.id.OrganizationId;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** An edge in memory, which can be told to fail, to be slow, or not to run. Thread-safe. */
public final class FakeEdgeRoutes implements EdgeRoutes {

    private final Map<OrganizationId, Route> routes = new LinkedHashMap<>();
    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicInteger calls = new AtomicInteger();
    private volatile Duration delay = Duration.ZERO;
    private volatile boolean running = true;
    private volatile boolean unavailable;

    /** The next so many calls fail and change nothing. */
    public void failNext(int calls) {
        failures.set(calls);
    }

    /** How long every call takes from now on. */
    public void delay(Duration each) {
        delay = each;
    }

    /** As if nginx had been stopped: publishing and pinging fail, files are written all the same. */
    public void stop() {
        running = false;
    }

    public void start() {
        running = true;
    }

    /** As while too many calls have failed: every one fails at once, but a ping goes through. */
    public void unavailable(boolean on) {
        unavailable = on;
    }

    /** Calls that changed something or tried to. */
    public int changes() {
        return calls.get();
    }

    /** The route that a visitor would take now. */
    public synchronized Optional<Route> routeOf(OrganizationId organization) {
        return Optional.ofNullable(routes.get(organization));
    }

    @Override
    public Uni<Void> ensure() {
        return change(() -> {});
    }

    @Override
    public Uni<Void> publish(Route route) {
        return change(() -> routes.put(route.organization(), route)).invoke(this::requireRunning);
    }

    @Override
    public Uni<Void> withdraw(OrganizationId organization) {
        return change(() -> routes.remove(organization));
    }

    @Override
    public Uni<Void> replaceAll(Collection<Route> wanted) {
        return change(() -> {
            routes.clear();
            wanted.forEach(route -> routes.put(route.organization(), route));
        });
    }

    @Override
    public Uni<Map<OrganizationId, Route>> published() {
        return later(() -> new LinkedHashMap<>(routes));
    }

    @Override
    public boolean available() {
        return running && !unavailable;
    }

    @Override
    public Uni<Void> ping() {
        return later(() -> {
            requireRunning();
            return null;
        });
    }

    private Uni<Void> change(Runnable work) {
        return later(() -> {
            if (unavailable) {
                throw new EdgeException("changes of the edge kept failing, none is tried for a moment");
            }
            calls.incrementAndGet();
            work.run();
            return null;
        });
    }

    private <T> Uni<T> later(Supplier<T> work) {
        Uni<T> call = Uni.createFrom().item(() -> attempt(work));
        return delay.isZero() ? call : call.onSubscription().call(() -> pause());
    }

    private Uni<Void> pause() {
        return Uni.createFrom().voidItem().onItem().delayIt().by(delay);
    }

    private synchronized <T> T attempt(Supplier<T> work) {
        if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new EdgeException("edge fails because the test says so");
        }
        return work.get();
    }

    private void requireRunning() {
        if (!running) {
            throw new EdgeException("edge is not running");
        }
    }
}
