package dev.ganymede.pool;

import dev.ganymede.id.GatewayId;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Drives the pool: a signal or a deadline makes one look and one plan; its actions run on, bounded, while further looks leave their gateways alone.
 *
 * <p>Bursts of signals collapse: while a look is under way, any number of them makes one more. A look that took long, since the pool is large, is followed by a rest of
 * twice that time: looking never takes more than a third of a processor, however much changes. One failed action never stops the rest; it makes no look either, so
 * that what can't be done is tried at the pace of the timer. Only between {@link #start} and {@link #stop} it does anything. Safe for concurrent use.
 */
@ApplicationScoped
public class PoolReconciler {

    private static final Logger LOG = Logger.getLogger(PoolReconciler.class);

    // far above what the parts of a look take together: a stuck one must not end all looking
    private static final Duration LOOK_TIMEOUT = Duration.ofSeconds(60);
    private static final int REST = 2;
    private static final Duration LONGEST_REST = Duration.ofSeconds(1);

    private final PoolObserver observer;
    private final PoolSettingsRepository settings;
    private final RolloutRepository rollouts;
    private final PoolPlanner planner;
    private final ActionLane containers;
    // moving an organization may take its gateway's whole grace: creations must not wait for it
    private final ActionLane moves;
    private final Clock clock;
    private final Alarm alarm = new Alarm();
    private final Alarm rest = new Alarm();
    private boolean started;
    private boolean looking;
    private boolean lookAgain;
    private boolean goesOn;
    private long term;
    private long actionsDone;
    private long lookBeganNanos;
    private long restsUntilNanos = System.nanoTime();

    PoolReconciler(
            PoolObserver observer,
            PoolSettingsRepository settings,
            RolloutRepository rollouts,
            PoolExecutor executor,
            PoolConfig config,
            Clock clock) {
        this.observer = observer;
        this.settings = settings;
        this.rollouts = rollouts;
        this.planner = new PoolPlanner(PoolPlanner.Rules.of(config), () -> new GatewayId(UUID.randomUUID()));
        this.containers = new ActionLane(config.parallelActions(), executor::execute, this::actionDone);
        this.moves = new ActionLane(config.parallelMoves(), executor::execute, this::actionDone);
        this.clock = clock;
    }

    /** Looks and acts from now on: this process leads. Looks at once. */
    public void start() {
        synchronized (this) {
            started = true;
            term++;
        }
        signal();
    }

    /** Begins nothing more, until started again; what runs ends by itself. */
    @PreDestroy
    public synchronized void stop() {
        started = false;
        lookAgain = false;
        alarm.cancel();
        containers.clear();
        moves.clear();
    }

    /** Something may have changed: look soon. Returns at once; does nothing while this process does not lead. */
    public void signal() {
        synchronized (this) {
            if (!started) {
                return;
            }
            if (looking) {
                lookAgain = true;
                return;
            }
            looking = true;
        }
        lookAfterRest();
    }

    private void lookAfterRest() {
        Duration left;
        synchronized (this) {
            left = Duration.ofNanos(restsUntilNanos - System.nanoTime());
        }
        if (left.isNegative()) {
            look();
        } else {
            rest.set(left, this::look);
        }
    }

    /** One look: in which term it was made, and how much was done before it. */
    private record Look(long term, long actionsDone, Work work) {}

    private void look() {
        Look look;
        synchronized (this) {
            if (!started) {
                // stopped while it rested
                looking = false;
                return;
            }
            goesOn = false;
            // what was signalled until now, this look sees
            lookAgain = false;
            lookBeganNanos = System.nanoTime();
            look = new Look(term, actionsDone, work());
        }
        observer.look(look.work())
                .chain(seen -> commit(look, seen, planner.plan(seen)))
                .ifNoItem()
                .after(LOOK_TIMEOUT)
                .fail()
                .invoke(plan -> act(look, plan))
                .subscribe()
                .with(done -> lookEnded(), failure -> {
                    LOG.warnf("the pool could not be looked at: %s", failure);
                    lookEnded();
                });
    }

    /** What a plan decides about the pool as a whole stands in the database before anything is done about it. */
    private Uni<PoolPlan> commit(Look look, PoolObservation seen, PoolPlan plan) {
        Uni<Void> done = Uni.createFrom().voidItem();
        if (!current(look)) {
            return done.replaceWith(plan);
        }
        if (!plan.surplusSince().equals(seen.settings().surplusSince())) {
            done = done.chain(() -> settings.surplusSince(seen.settings().surplusSince(), plan.surplusSince()));
        }
        if (plan.verdict().isPresent()) {
            Rollout rollout = seen.rollout().orElseThrow();
            Rollout.Verdict verdict = plan.verdict().get();
            LOG.infof(
                    "the upgrade to %s is %s %s",
                    rollout.image(), verdict.state(), verdict.reason().orElse(""));
            done = done.chain(() -> rollouts.end(rollout, verdict).replaceWithVoid());
        }
        return done.replaceWith(plan);
    }

    private synchronized void act(Look look, PoolPlan plan) {
        if (!current(look)) {
            return;
        }
        goesOn = plan.partial();
        // something ended while the look was under way, which the look may have missed
        lookAgain |= plan.partial() && actionsDone != look.actionsDone();
        plan.actions().forEach(action -> (action instanceof PoolAction.Empty ? moves : containers).add(action));
        plan.lookAgainAt().ifPresentOrElse(this::lookAt, alarm::cancel);
    }

    private void lookAt(Instant moment) {
        alarm.set(Duration.between(clock.instant(), moment), this::signal);
    }

    private synchronized boolean current(Look look) {
        return started && look.term() == term;
    }

    private void lookEnded() {
        boolean again;
        synchronized (this) {
            again = lookAgain && started;
            lookAgain = false;
            looking = again;
            long now = System.nanoTime();
            restsUntilNanos = now + Math.min(LONGEST_REST.toNanos(), (now - lookBeganNanos) * REST);
        }
        if (again) {
            lookAfterRest();
        }
    }

    private void actionDone() {
        boolean look;
        synchronized (this) {
            actionsDone++;
            look = goesOn;
        }
        if (look) {
            signal();
        }
    }

    private Work work() {
        Set<GatewayId> busy = new HashSet<>();
        Set<GatewayId> leaving = new HashSet<>();
        Stream.of(containers, moves)
                .flatMap(lane -> lane.work().entrySet().stream())
                .forEach(work -> {
                    if (work.getKey() instanceof GatewayId gateway) {
                        busy.add(gateway);
                        if (work.getValue() instanceof PoolAction.Retire) {
                            leaving.add(gateway);
                        }
                    }
                });
        return new Work(busy, leaving);
    }
}
