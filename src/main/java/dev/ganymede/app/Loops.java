package dev.ganymede.app;

import dev.ganymede.allocation.Tidy;
import dev.ganymede.dns.DnsZone;
import dev.ganymede.edge.EdgeRoutes;
import dev.ganymede.gateway.PoolChanged;
import dev.ganymede.pool.PoolReconciler;
import dev.ganymede.timeline.TimelinePruning;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.jboss.logging.Logger;

/**
 * What runs without being asked: at start-up and on a timer. What fails is tried again at the next round; nothing here stops the service from
 * answering.
 */
@ApplicationScoped
class Loops {

    private static final Logger LOG = Logger.getLogger(Loops.class);

    private final PoolReconciler pool;
    private final Tidy allocations;
    private final DnsZone dns;
    private final EdgeRoutes edge;
    private final TimelinePruning timeline;

    Loops(PoolReconciler pool, Tidy allocations, DnsZone dns, EdgeRoutes edge, TimelinePruning timeline) {
        this.pool = pool;
        this.allocations = allocations;
        this.dns = dns;
        this.edge = edge;
        this.timeline = timeline;
    }

    void started(@Observes StartupEvent event) {
        pool.start();
        round().subscribe().with(done -> {}, failure -> LOG.warn("first round failed", failure));
    }

    void poolChanged(@Observes PoolChanged event) {
        pool.signal();
    }

    @Scheduled(
            identity = "reconcile",
            every = "{ganymede.reconcile.every}",
            delayed = "{ganymede.reconcile.every}",
            concurrentExecution = ConcurrentExecution.SKIP)
    Uni<Void> round() {
        pool.signal();
        return attempt("zone", dns.ensure())
                .chain(() -> attempt("edge", edge.ensure()))
                .chain(() -> attempt("allocations", allocations.run()))
                .invoke(pool::signal)
                .chain(() -> attempt("timeline", timeline.run()));
    }

    private static Uni<Void> attempt(String what, Uni<Void> step) {
        return step.onFailure()
                .invoke(failure -> LOG.warnf("%s not in order yet: %s", what, failure))
                .onFailure()
                .recoverWithNull();
    }
}
