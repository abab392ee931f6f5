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

    /** Ends what is past its deadline, and what its starter has left behind. Asks nobody but the database. */
    public Uni<Void> allocations() {
        return backstop.run();
    }

    /** Makes DNS and the edge agree with the live allocations. */
    public Uni<Void> names() {
        return names.run();
    }
}
