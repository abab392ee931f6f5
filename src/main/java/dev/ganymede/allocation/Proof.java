package dev.ganymede.allocation;

import dev.ganymede.edge.EdgeProbe;
import dev.ganymede.gateway.Allocation;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;

/** The last step of a start: one request through the edge by its public name reaches this allocation. */
@ApplicationScoped
class Proof {

    private final EdgeProbe probe;
    private final AllocationConfig config;

    Proof(EdgeProbe probe, AllocationConfig config) {
        this.probe = probe;
        this.config = config;
    }

    /** True once it was served by this allocation; false when that did not happen in time. */
    Uni<Boolean> of(Allocation allocation) {
        return ask(allocation).ifNoItem().after(config.proofTimeout()).recoverWithItem(false);
    }

    private Uni<Boolean> ask(Allocation allocation) {
        return probe.probe(allocation.organization(), config.proofTimeout())
                .map(answer -> Health.isFrom(allocation, answer))
                .onFailure()
                .recoverWithItem(false)
                .chain(proven -> proven ? Uni.createFrom().item(true) : askLater(allocation));
    }

    private Uni<Boolean> askLater(Allocation allocation) {
        return Uni.createFrom()
                .voidItem()
                .onItem()
                .delayIt()
                .by(config.pollInterval())
                .chain(() -> ask(allocation));
    }
}
