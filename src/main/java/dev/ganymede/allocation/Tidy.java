package dev.ganymede.allocation;

import dev.ganymede.gateway.AllocationRepository;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;

/** What starts and stops that were cut in the middle leave behind, put in order. */
@ApplicationScoped
public class Tidy {

    private final AllocationRepository allocations;
    private final Names names;

    Tidy(AllocationRepository allocations, Names names) {
        this.allocations = allocations;
        this.names = names;
    }

    /** Ends handshakes past their deadline, then makes DNS and the edge agree with the live allocations. */
    public Uni<Void> run() {
        return allocations
                .endExpiredHandshakes()
                .invoke(ended -> ended.forEach(allocation -> TenancyLog.warn(allocation, "handshake expired, ended")))
                .chain(ended -> names.reconcile());
    }
}
