package dev.ganymede.allocation;

import dev.ganymede.edge.EdgeRoutes;
import dev.ganymede.gateway.Allocation;
import dev.ganymede.gateway.AllocationRepository;
import dev.ganymede.gateway.PoolChanged;
import dev.ganymede.id.AllocationId;
import dev.ganymede.timeline.Stage;
import dev.ganymede.timeline.Timeline;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * Ends allocations whose deadline has passed: handshakes that nobody finished, gateways that gave no sign of life for too long, and stops whose process died.
 * All deadlines stand in the database, so a restart changes nothing but that whoever could not be heard gets a new grace.
 */
@ApplicationScoped
class Backstop {

    private static final Logger LOG = Logger.getLogger(Backstop.class);

    // each may take its whole grace
    private static final int MAX_LEAVING = 16;

    private final AllocationRepository allocations;
    private final Stop stop;
    private final Withdrawal withdrawal;
    private final Timeline timeline;
    private final Event<PoolChanged> poolChanged;
    private final EdgeRoutes edge;
    private final Clock clock;
    private final Overdue silent;
    private final Overdue asked;
    private final Set<AllocationId> leaving = new HashSet<>();

    Backstop(
            AllocationRepository allocations,
            Stop stop,
            Withdrawal withdrawal,
            Timeline timeline,
            EdgeRoutes edge,
            AllocationConfig config,
            Clock clock,
            Event<PoolChanged> poolChanged) {
        this.allocations = allocations;
        this.stop = stop;
        this.withdrawal = withdrawal;
        this.timeline = timeline;
        this.edge = edge;
        this.clock = clock;
        this.poolChanged = poolChanged;
        this.silent = new Overdue(config.silenceGrace());
        // whoever asked waits for the gateway's grace, and then ends it
        this.asked = new Overdue(config.stopGrace().multipliedBy(2));
    }

    /** One look. Silent gateways are given their grace to push and leave; that is not waited for. */
    Uni<Void> run() {
        return allocations
                .endAbandonedHandshakes()
                .invoke(abandoned -> tell(abandoned, "the process that made it is gone"))
                .chain(abandoned -> allocations.endExpiredHandshakes())
                .invoke(expired -> tell(expired, "it did not come to an end in time"))
                .chain(ended -> allocations.silent())
                // gateways reach Ganymede through the edge
                .map(overdue -> silent.due(overdue, edge.available(), clock.instant()))
                .invoke(due ->
                        due.forEach(allocation -> end(allocation, "no sign of life for too long", stop::bySilence)))
                .chain(allocations::asked)
                .map(leaving -> asked.due(leaving, true, clock.instant()))
                .invoke(due ->
                        due.forEach(allocation -> end(allocation, "an operator's stop was not finished", stop::finish)))
                .replaceWithVoid();
    }

    private void tell(List<Allocation> expired, String why) {
        for (Allocation allocation : expired) {
            TenancyLog.warn(allocation, "handshake ended: " + why);
            timeline.failed(allocation, Stage.ENDED, why);
            // what it may have published is not left to the next round
            withdrawal.after(allocation).subscribe().with(withdrawn -> {});
        }
        if (!expired.isEmpty()) {
            poolChanged.fire(new PoolChanged("handshakes expired"));
        }
    }

    private void end(Allocation allocation, String why, Function<Allocation, Uni<Allocation>> how) {
        synchronized (leaving) {
            if (leaving.size() == MAX_LEAVING || !leaving.add(allocation.id())) {
                return;
            }
        }
        TenancyLog.warn(allocation, why + ", asked to leave");
        how.apply(allocation).subscribe().with(ended -> left(allocation), failure -> {
            LOG.warnf(failure, "allocation %s not ended yet", allocation.id());
            left(allocation);
        });
    }

    private void left(Allocation allocation) {
        synchronized (leaving) {
            leaving.remove(allocation.id());
        }
    }
}
