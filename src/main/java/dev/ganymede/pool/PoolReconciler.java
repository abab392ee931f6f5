package dev.ganymede.pool;

import dev.ganymede.container.ContainerRuntime;
import dev.ganymede.gateway.GatewayRepository;
import dev.ganymede.id.GatewayId;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Drives the pool: a signal or the timer makes one look and one plan; its actions run on, bounded, while further looks leave their gateways alone.
 *
 * <p>Bursts of signals collapse: while a look is under way, any number of them makes one more. One failed action never stops the rest; the next look sees what is
 * left.
 */
@ApplicationScoped
public class PoolReconciler {

    private static final Logger LOG = Logger.getLogger(PoolReconciler.class);

    // far above what the parts of a look take together: a stuck one must not end all looking
    private static final Duration LOOK_TIMEOUT = Duration.ofSeconds(60);

    private final GatewayRepository gateways;
    private final ContainerRuntime containers;
    private final PoolSize size;
    private final PoolExecutor executor;
    private final PoolPlanner planner;
    private final PoolConfig config;
    private final Clock clock;
    private final Set<Object> busy = ConcurrentHashMap.newKeySet();
    private final Queue<PoolAction> waiting = new ArrayDeque<>();
    private boolean looking;
    private boolean lookAgain;
    private int running;

    PoolReconciler(
            GatewayRepository gateways,
            ContainerRuntime containers,
            PoolSize size,
            PoolExecutor executor,
            PoolConfig config,
            Clock clock) {
        this.gateways = gateways;
        this.containers = containers;
        this.size = size;
        this.executor = executor;
        this.planner = new PoolPlanner(config.readyTimeout(), () -> new GatewayId(UUID.randomUUID()));
        this.config = config;
        this.clock = clock;
    }

    /** Looks and acts from now on: this process leads. */
    public void start() {}

    /** Begins nothing more, until started again; what runs ends by itself. */
    public void stop() {}

    /** Something may have changed: look soon. Returns at once. */
    public void signal() {
        synchronized (this) {
            if (looking) {
                lookAgain = true;
                return;
            }
            looking = true;
        }
        look();
    }

    private void look() {
        observe()
                .map(planner::plan)
                .ifNoItem()
                .after(LOOK_TIMEOUT)
                .fail()
                .subscribe()
                .with(
                        plan -> {
                            plan.actions().forEach(this::enqueue);
                            lookEnded();
                        },
                        failure -> {
                            LOG.warnf("the pool could not be observed: %s", failure);
                            lookEnded();
                        });
    }

    private Uni<PoolObservation> observe() {
        Set<GatewayId> busyBefore = busyGateways();
        // containers first, rows second: a row is always written before its container
        return containers.inventory().chain(inventory -> gateways.all().chain(members -> size.desired()
                .map(desired -> new PoolObservation(clock.instant(), desired, members, inventory, busyBefore))));
    }

    private void lookEnded() {
        boolean again;
        synchronized (this) {
            again = lookAgain;
            lookAgain = false;
            looking = again;
        }
        if (again) {
            look();
        }
    }

    private void enqueue(PoolAction action) {
        // an action that is under way, or waits, is not begun twice
        if (!busy.add(key(action))) {
            return;
        }
        synchronized (this) {
            waiting.add(action);
        }
        runNext();
    }

    private void runNext() {
        Optional<PoolAction> next;
        synchronized (this) {
            next = running < config.parallelActions() ? Optional.ofNullable(waiting.poll()) : Optional.empty();
            next.ifPresent(action -> running++);
        }
        next.ifPresent(this::run);
    }

    private void run(PoolAction action) {
        Uni.createFrom().deferred(() -> executor.execute(action)).subscribe().with(done -> ended(action), failure -> {
            LOG.warnf(failure, "pool action failed: %s", action);
            ended(action);
        });
    }

    private void ended(PoolAction action) {
        synchronized (this) {
            running--;
        }
        busy.remove(key(action));
        runNext();
    }

    private Set<GatewayId> busyGateways() {
        return busy.stream()
                .filter(GatewayId.class::isInstance)
                .map(GatewayId.class::cast)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** What an action works on. */
    private static Object key(PoolAction action) {
        if (action instanceof PoolAction.Adopt adopt) {
            return adopt.gateway().id();
        }
        if (action instanceof PoolAction.Replace replace) {
            return replace.gateway().id();
        }
        if (action instanceof PoolAction.Retire retire) {
            return retire.gateway().id();
        }
        if (action instanceof PoolAction.Grow grow) {
            return grow.gateway();
        }
        return ((PoolAction.Reap) action).container();
    }
}
