package dev.ganymede.timeline;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;

/**
 * Keeps the timeline small: nothing older than {@code ganymede.timeline.keep}, of one organization not more than {@code
 * ganymede.timeline.keep-per-organization}.
 *
 * <p>Each run does a bounded share: some chunks of what is too old, then a look at the next organizations by id, round and round. Runs of one
 * process must not overlap; a second process costs time only.
 */
@ApplicationScoped
public class TimelinePruning {

    private static final int CHUNK = 1_000;
    private static final int MAX_CHUNKS = 10;
    private static final int ORGANIZATIONS = 100;
    private static final UUID FIRST = new UUID(0, 0);

    private final TimelineRepository repository;
    private final TimelineConfig config;
    private final Clock clock;
    private volatile UUID visited = FIRST;

    TimelinePruning(TimelineRepository repository, TimelineConfig config, Clock clock) {
        this.repository = repository;
        this.config = config;
        this.clock = clock;
    }

    /** One share of the work. */
    public Uni<Void> run() {
        return removeOld(clock.instant().minus(config.keep()), MAX_CHUNKS).chain(this::removeSurplus);
    }

    private Uni<Void> removeOld(Instant before, int chunks) {
        return repository
                .deleteBefore(before, CHUNK)
                .chain(deleted -> deleted == CHUNK && chunks > 1
                        ? removeOld(before, chunks - 1)
                        : Uni.createFrom().voidItem());
    }

    private Uni<Void> removeSurplus() {
        return repository
                .deleteSurplus(visited, ORGANIZATIONS, config.keepPerOrganization(), CHUNK)
                .invoke(visit -> visited = next(visit))
                .replaceWithVoid();
    }

    /** A full chunk may have left something behind: the same organizations again. */
    private UUID next(TimelineRepository.Visit visit) {
        if (visit.deleted() == CHUNK) {
            return visited;
        }
        return visit.visited() == ORGANIZATIONS ? visit.last() : FIRST;
    }
}
