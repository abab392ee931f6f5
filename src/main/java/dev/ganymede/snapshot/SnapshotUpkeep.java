package dev.ganymede.snapshot;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;

/**
 * Keeps the store at its size: thins the histories, then removes what nobody refers to any more.
 *
 * <p>Each run does a bounded share, and may be killed at any moment. Runs of one process must not overlap.
 */
@ApplicationScoped
public class SnapshotUpkeep {

    private final Retention retention;
    private final BlobSweep sweep;
    private final StoreFigures figures;

    SnapshotUpkeep(Retention retention, BlobSweep sweep, StoreFigures figures) {
        this.retention = retention;
        this.sweep = sweep;
        this.figures = figures;
    }

    /** One share of the work. */
    public Uni<Void> run() {
        return retention.run().invoke(figures::retired).chain(sweep::run).chain(figures::refresh);
    }

    /** Another process does it from now on. */
    public void stop() {
        figures.forget();
    }
}
