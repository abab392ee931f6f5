package dev.ganymede.app;

import dev.ganymede.allocation.Failover;
import dev.ganymede.allocation.Tidy;
import dev.ganymede.certificate.Certificates;
import dev.ganymede.edge.EdgeRoutes;
import dev.ganymede.flow.Reactor;
import dev.ganymede.gateway.PoolChanged;
import dev.ganymede.pool.ContainerWatch;
import dev.ganymede.pool.HealthWatch;
import dev.ganymede.pool.PoolReconciler;
import dev.ganymede.snapshot.Rescue;
import dev.ganymede.snapshot.SnapshotUpkeep;
import dev.ganymede.timeline.TimelinePruning;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * What runs without being asked, in the process that leads: when it becomes the leader, on signals, and on timers. What fails is tried again at the next round;
 * nothing here stops the service from answering.
 */
@ApplicationScoped
class Loops implements Duties {

    private static final Logger LOG = Logger.getLogger(Loops.class);

    // far above what a step takes: a stuck one must not end all rounds
    private static final Duration STEP_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration ROUND_TIMEOUT = STEP_TIMEOUT.multipliedBy(5);
    // some files of many MiB
    private static final Duration RESCUE_TIMEOUT = STEP_TIMEOUT.multipliedBy(10);
    // an authority elsewhere takes the time that it takes; an order's own steps are bounded
    private static final Duration CERTIFICATES_TIMEOUT = STEP_TIMEOUT.multipliedBy(15);

    private final Leadership leadership;
    private final ChangeRelay relay;
    private final PoolReconciler pool;
    private final Failover failover;
    private final ContainerWatch containers;
    private final HealthWatch health;
    private final Tidy tidy;
    private final EdgeRoutes edge;
    private final TimelinePruning timeline;
    private final Rescue rescue;
    private final SnapshotUpkeep snapshots;
    private final Certificates certificates;
    private final Reactor rounds =
            new Reactor(this::round, ROUND_TIMEOUT, failure -> LOG.warn("a round was not finished", failure));
    private final Reactor tidying = new Reactor(
            this::tidyAllocations, STEP_TIMEOUT, failure -> LOG.warn("allocations are not in order yet", failure));
    private final Reactor rescuing = new Reactor(
            this::importRescued,
            RESCUE_TIMEOUT,
            failure -> LOG.warnf("what gateways could not push is not all imported yet: %s", failure));
    // apart from the rounds: a large store takes its time, and nobody waits for it
    private final Reactor upkeep = new Reactor(
            this::tendSnapshots, STEP_TIMEOUT, failure -> LOG.warn("the snapshots are not in order yet", failure));
    private final Reactor issuing = new Reactor(
            this::tendCertificates,
            CERTIFICATES_TIMEOUT,
            failure -> LOG.warnf("the certificates are not all in order yet: %s", failure));

    Loops(
            Leadership leadership,
            ChangeRelay relay,
            PoolReconciler pool,
            Failover failover,
            ContainerWatch containers,
            HealthWatch health,
            Tidy tidy,
            EdgeRoutes edge,
            TimelinePruning timeline,
            Rescue rescue,
            SnapshotUpkeep snapshots,
            Certificates certificates) {
        this.leadership = leadership;
        this.relay = relay;
        this.pool = pool;
        this.failover = failover;
        this.containers = containers;
        this.health = health;
        this.tidy = tidy;
        this.edge = edge;
        this.timeline = timeline;
        this.rescue = rescue;
        this.snapshots = snapshots;
        this.certificates = certificates;
    }

    void started(@Observes StartupEvent event) {
        leadership.campaign(this);
    }

    void ending(@Observes ShutdownEvent event) {
        leadership.resign();
    }

    @Override
    public void begin() {
        tidying.signal();
        pool.start();
        failover.start();
        containers.start();
        health.start();
        rounds.signal();
    }

    @Override
    public void end() {
        pool.stop();
        failover.stop();
        containers.stop();
        health.stop();
        snapshots.stop();
        certificates.stop();
    }

    @Override
    public void signalled() {
        if (leadership.leads()) {
            pool.signal();
            failover.signal();
            // who left may have left something behind
            rescuing.signal();
        }
    }

    void poolChanged(@Observes PoolChanged event) {
        if (leadership.leads()) {
            signalled();
        } else {
            relay.passOn(event);
        }
    }

    @Scheduled(identity = "reconcile", every = "{ganymede.reconcile.every}", delayed = "{ganymede.reconcile.every}")
    void timeForARound() {
        // a round may take its time when something outside hangs; nothing else waits for it
        signalled();
        if (leadership.leads()) {
            rounds.signal();
        }
    }

    @Scheduled(identity = "tidy", every = "{ganymede.tidy.every}", delayed = "{ganymede.tidy.every}")
    void timeToTidy() {
        if (leadership.leads()) {
            tidying.signal();
        }
    }

    @Scheduled(identity = "rescue", every = "{ganymede.rescue.every}")
    void timeToRescue() {
        if (leadership.leads()) {
            rescuing.signal();
        }
    }

    @Scheduled(identity = "health", every = "{ganymede.health.every}")
    void timeToProbe() {
        if (leadership.leads()) {
            health.signal();
        }
    }

    @Scheduled(identity = "snapshots", every = "{ganymede.retention.every}", delayed = "{ganymede.retention.every}")
    void timeToTendSnapshots() {
        if (leadership.leads()) {
            upkeep.signal();
        }
    }

    @Scheduled(identity = "certificates", every = "{ganymede.certificate.every}")
    void timeForCertificates() {
        if (leadership.leads()) {
            issuing.signal();
        }
    }

    private Uni<Void> tidyAllocations() {
        return step("allocations", tidy::allocations);
    }

    private Uni<Void> importRescued() {
        return leadership.leads() ? rescue.run() : Uni.createFrom().voidItem();
    }

    private Uni<Void> tendSnapshots() {
        return step("snapshots", snapshots::run);
    }

    private Uni<Void> tendCertificates() {
        return leadership.leads() ? certificates.run() : Uni.createFrom().voidItem();
    }

    private Uni<Void> round() {
        return Uni.createFrom()
                .voidItem()
                // not on the thread that hears from the database whether this process still leads
                .emitOn(Infrastructure.getDefaultWorkerPool())
                .invoke(this::signalled)
                .chain(() -> step("edge", edge::ensure))
                .chain(() -> step("names", tidy::names))
                .chain(() -> step("timeline", timeline::run))
                .invoke(this::signalled);
    }

    private Uni<Void> step(String what, Supplier<Uni<Void>> step) {
        return Uni.createFrom()
                .deferred(
                        () -> leadership.leads() ? step.get() : Uni.createFrom().voidItem())
                .ifNoItem()
                .after(STEP_TIMEOUT)
                .fail()
                .onFailure()
                .invoke(failure -> LOG.warnf("%s not in order yet: %s", what, failure))
                .onFailure()
                .recoverWithNull();
    }
}
