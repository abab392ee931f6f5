package dev.ganymede.snapshot;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * Keeps the store at its size: thins the histories, then removes what nobody refers to any more.
 *
 * <p>Each run does a bounded share, and may be killed at any moment. Runs of one process must not overlap.
 */
@ApplicationScoped
public class SnapshotUpkeep {

    // most of the time from one run to the next
    private static final Duration SWEEPING = Duration.ofSeconds(8);

    private final Retention retention;
    private final BlobSweep sweep;
    private final StoreFigures figures;
    private final Clock clock;

    SnapshotUpkeep(Retention retention, BlobSweep sweep, StoreFigures figures, Clock clock) {
        this.retention = retention;
        this.sweep = sweep;
        this.figures = figures;
        this.clock = clock;
    }

    /** One share of the work. */
    public Uni<Void> run() {
        return retention.run().invoke(figures::retired).chain(this::sweep).chain(figures::refresh);
    }

    /** Share after share while there is much to remove. */
    private Uni<Void> sweep() {
        Instant until = clock.instant().plus(SWEEPING);
        return Uni.createFrom()
                .deferred(() -> sweep.run())
                .repeat()
                .whilst(share -> share.full() && clock.instant().isBefore(until))
                .onItem()
                .ignoreAsUni();
    }

    /** Another process does it from now on. */
    public void stop() {
        figures.forget();
    }
}
