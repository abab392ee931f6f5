package dev.ganymede.allocation;

import dev.ganymede.gateway.Allocation;
import dev.ganymede.gateway.AllocationRepository;
import dev.ganymede.gateway.PoolChanged;
import dev.ganymede.id.AllocationId;
import dev.ganymede.timeline.Stage;
import dev.ganymede.timeline.Timeline;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * Ends allocations whose deadline has passed: handshakes that nobody finished, and gateways that gave no sign of life for too long. All deadlines stand in the
 * database, so a restart changes nothing.
 */
@ApplicationScoped
class Backstop {

    private static final Logger LOG = Logger.getLogger(Backstop.class);

    // each may take its whole grace
    private static final int MAX_LEAVING = 16;

    private final AllocationRepository allocations;
    private final Stop stop;
    private final Timeline timeline;
    private final Event<PoolChanged> poolChanged;
    private final Set<AllocationId> leaving = new HashSet<>();

    Backstop(AllocationRepository allocations, Stop stop, Timeline timeline, Event<PoolChanged> poolChanged) {
        this.allocations = allocations;
        this.stop = stop;
        this.timeline = timeline;
        this.poolChanged = poolChanged;
    }

    /** One look. Silent gateways are given their grace to push and leave; that is not waited for. */
    Uni<Void> run() {
        return allocations
                .endExpiredHandshakes()
                .invoke(this::tell)
                .chain(ended -> allocations.silent())
                .invoke(silent -> silent.forEach(this::end))
                .replaceWithVoid();
    }

    private void tell(List<Allocation> expired) {
        for (Allocation allocation : expired) {
            TenancyLog.warn(allocation, "handshake expired, ended");
            timeline.failed(allocation, Stage.ENDED, "its handshake did not end in time");
        }
        if (!expired.isEmpty()) {
            poolChanged.fire(new PoolChanged("handshakes expired"));
        }
    }

    private void end(Allocation silent) {
        synchronized (leaving) {
            if (leaving.size() == MAX_LEAVING || !leaving.add(silent.id())) {
                return;
            }
        }
        TenancyLog.warn(silent, "no sign of life for too long, asked to leave");
        stop.bySilence(silent).subscribe().with(ended -> left(silent), failure -> {
            LOG.warnf(failure, "silent allocation %s not ended yet", silent.id());
            left(silent);
        });
    }

    private void left(Allocation silent) {
        synchronized (leaving) {
            leaving.remove(silent.id());
        }
    }
}
