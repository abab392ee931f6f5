package dev.ganymede.allocation;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;

/** What starts and stops that were cut in the middle, and gateways that vanished, leave behind, put in order. */
@ApplicationScoped
public class Tidy {

    private final Backstop backstop;
    private final NamesReconciler names;

    Tidy(Backstop backstop, NamesReconciler names) {
        this.backstop = backstop;
        this.names = names;
    }

    /** Ends what is past its deadline, then makes DNS and the edge agree with the live allocations. */
    public Uni<Void> run() {
        return backstop.run().chain(names::run);
    }
}
