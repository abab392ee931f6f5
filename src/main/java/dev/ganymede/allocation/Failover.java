package dev.ganymede.allocation;

import dev.ganymede.gateway.Revival;
import dev.ganymede.gateway.RevivalRepository;
import dev.ganymede.id.OrganizationId;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * Serves organizations that lost their gateway again, first come first, before every new start.
 *
 * <p>A signal makes one look at the queue and begins what is due; bursts of signals collapse. The queue and all its deadlines stand in the database: what is
 * kept here only says what runs now. Begins nothing until started, and nothing more once stopped; what runs ends by itself. Thread-safe.
 */
@ApplicationScoped
public class Failover {

    private static final Logger LOG = Logger.getLogger(Failover.class);

    private static final Duration LOOK_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration AFTER_A_FAILURE = Duration.ofSeconds(1);
    private static final Duration SHORTEST_DELAY = Duration.ofMillis(10);

    private final RevivalRepository revivals;
    private final Revive revive;
    private final QueueNews news;
    private final FailoverPlanner planner;
    private final Clock clock;
    private final Set<OrganizationId> underWay = new HashSet<>();
    private Optional<Cancellable> timer = Optional.empty();
    private boolean leading;
    private boolean looking;
    private boolean lookAgain;
    private boolean exhausted;
    private long signals;

    Failover(RevivalRepository revivals, Revive revive, QueueNews news, FailoverConfig config, Clock clock) {
        this.revivals = revivals;
        this.revive = revive;
        this.news = news;
        this.planner = new FailoverPlanner(config.parallel(), config.longestPause());
        this.clock = clock;
    }

    /** Serves the queue from now on: this process leads. */
    public void start() {
        synchronized (this) {
            leading = true;
        }
        signal();
    }

    /** Begins nothing more, until started again. */
    public synchronized void stop() {
        leading = false;
        timer.ifPresent(Cancellable::cancel);
        timer = Optional.empty();
    }

    /** Whether nothing of it runs: once stopped, it stays so. */
    public synchronized boolean idle() {
        return !looking && underWay.isEmpty();
    }

    /** The queue or the pool may have changed: look soon. Returns at once. */
    public void signal() {
        synchronized (this) {
            signals++;
            exhausted = false;
            if (!leading) {
                return;
            }
            if (looking) {
                lookAgain = true;
                return;
            }
            looking = true;
        }
        look();
    }

    private void look() {
        revivals.all()
                .invoke(news::look)
                .ifNoItem()
                .after(LOOK_TIMEOUT)
                .fail()
                .subscribe()
                .with(
                        queue -> {
                            plan(queue).forEach(this::begin);
                            lookEnded();
                        },
                        failure -> {
                            LOG.warnf("the queue could not be looked at: %s", failure);
                            lookEnded();
                            signalLater();
                        });
    }

    /** Whoever is begun is under way from here on. */
    private synchronized List<Revival> plan(List<Revival> queue) {
        if (!leading) {
            return List.of();
        }
        FailoverPlan plan =
                planner.plan(new FailoverObservation(clock.instant(), queue, Set.copyOf(underWay), exhausted));
        plan.begin().forEach(entry -> underWay.add(entry.organization()));
        wakeUpAt(plan.lookAgainAt());
        return plan.begin();
    }

    private void wakeUpAt(Optional<Instant> due) {
        timer.ifPresent(Cancellable::cancel);
        timer = due.map(at -> Duration.between(clock.instant(), at))
                .map(delay -> delay.compareTo(SHORTEST_DELAY) < 0 ? SHORTEST_DELAY : delay)
                .map(delay -> Uni.createFrom()
                        .voidItem()
                        .onItem()
                        .delayIt()
                        .by(delay)
                        .subscribe()
                        .with(woken -> signal()));
    }

    private void lookEnded() {
        boolean again;
        synchronized (this) {
            again = lookAgain && leading;
            lookAgain = false;
            looking = again;
        }
        if (again) {
            look();
        }
    }

    private void begin(Revival entry) {
        long signalsBefore = signalsSoFar();
        Uni.createFrom()
                .deferred(() -> revive.attempt(entry))
                .subscribe()
                .with(outcome -> ended(entry, outcome, signalsBefore), failure -> {
                    LOG.warnf(failure, "organization %s not served again, tried again soon", entry);
                    synchronized (this) {
                        underWay.remove(entry.organization());
                    }
                    signalLater();
                });
    }

    /** The database did not do it: that says nothing about gateways, and stops nobody else. */
    private void signalLater() {
        Uni.createFrom()
                .voidItem()
                .onItem()
                .delayIt()
                .by(AFTER_A_FAILURE)
                .subscribe()
                .with(later -> signal());
    }

    /** With no gateway ready, nothing is tried until somebody says that something has changed; unless that was said meanwhile. */
    private void ended(Revival entry, Revive.Outcome outcome, long signalsBefore) {
        boolean pause;
        synchronized (this) {
            underWay.remove(entry.organization());
            pause = outcome == Revive.Outcome.NONE_READY && signals == signalsBefore;
            exhausted |= pause;
        }
        if (!pause) {
            signal();
        }
    }

    private synchronized long signalsSoFar() {
        return signals;
    }
}
