package dev.ganymede.snapshot;

import dev.ganymede.id.OrganizationId;
import dev.ganymede.io.BlockingWork;
import dev.ganymede.snapshot.RetentionHistory.Entry;
import dev.ganymede.snapshot.RetentionRepository.Standing;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jboss.logging.Logger;

/**
 * Thins the organizations' histories, in bounded shares.
 *
 * <p>Each organization says in its row when something of it is due: a share costs what is to be done, not what is stored, and the next process goes on where this
 * one was killed. Versions go in small transactions under the lock of their series. What nobody else refers to stays for the grace of {@link BlobSweep} from
 * then on, so whoever has begun to read such a version reads it to its end.
 */
@ApplicationScoped
class Retention {

    private static final Logger LOG = Logger.getLogger(Retention.class);

    /** An organization that is being worked on is not looked at more often; the writer of versions knows it too. */
    static final Duration PAUSE = Duration.ofMinutes(10);

    // a share ends with the organization that exceeds one of them: the sweep is to have its turn, too
    private static final int ORGANIZATIONS = 100;
    private static final int VERSIONS = 1_000;
    private static final Duration LONGEST = Duration.ofSeconds(20);

    private static final int VERSIONS_OF_ONE = 250;
    private static final int VERSIONS_AT_ONCE = 50;

    private final RetentionRepository repository;
    private final RetentionConfig config;
    private final SnapshotConfig snapshots;
    private final Clock clock;

    Retention(RetentionRepository repository, RetentionConfig config, SnapshotConfig snapshots, Clock clock) {
        this.repository = repository;
        this.config = config;
        this.snapshots = snapshots;
        this.clock = clock;
    }

    /** One share of the work; tells how many versions were retired. */
    Uni<Integer> run() {
        Instant now = clock.instant();
        AtomicInteger retired = new AtomicInteger();
        return repository.due(now, ORGANIZATIONS).chain(due -> Multi.createFrom()
                .iterable(due)
                .onItem()
                .transformToUniAndConcatenate(organization -> isOver(retired.get(), now)
                        ? Uni.createFrom().item(0)
                        : visit(organization, now).invoke(retired::addAndGet))
                .collect()
                .last()
                .map(done -> told(retired.get())));
    }

    private boolean isOver(int retired, Instant began) {
        return retired >= VERSIONS || clock.instant().isAfter(began.plus(LONGEST));
    }

    private static int told(int retired) {
        if (retired > 0) {
            LOG.infof("%d versions retired", retired);
        }
        return retired;
    }

    /** What fails at one organization (but not at all of them) is tried again after the others. */
    private Uni<Integer> visit(OrganizationId organization, Instant now) {
        return repository
                .standing(organization)
                .chain(standing ->
                        standing.isEmpty() ? Uni.createFrom().item(0) : thin(organization, standing.get(), now))
                .onFailure()
                .recoverWithUni(failure -> {
                    LOG.warnf("the history of organization %s was not thinned: %s", organization, failure);
                    return postpone(organization, now).replaceWith(0);
                });
    }

    private Uni<Integer> thin(OrganizationId organization, Standing standing, Instant now) {
        long quotaBytes = standing.quotaBytes().orElse(snapshots.quotaBytes());
        return versions(organization, standing.storedBytes() > quotaBytes)
                .chain(versions -> plan(new RetentionHistory(standing.head(), quotaBytes, versions), now))
                .chain(plan -> carryOut(organization, standing, plan, now));
    }

    /** Not on the event loop: a thousand versions may have a million contents. */
    private Uni<RetentionPlan> plan(RetentionHistory history, Instant now) {
        return BlockingWork.run(
                Infrastructure.getDefaultWorkerPool(),
                () -> new RetentionPlanner(RetentionRules.of(config)).plan(history, now));
    }

    private Uni<List<Entry>> versions(OrganizationId organization, boolean tooLarge) {
        Uni<List<Entry>> versions = repository.versions(organization);
        return tooLarge ? versions.chain(all -> repository.withBlobs(organization, all)) : versions;
    }

    private Uni<Integer> carryOut(OrganizationId organization, Standing standing, RetentionPlan plan, Instant now) {
        List<Long> retired = plan.retired();
        List<Long> share = retired.subList(0, Math.min(retired.size(), VERSIONS_OF_ONE));
        if (!plan.overQuota().isEmpty()) {
            LOG.infof(
                    "organization %s stores %d bytes: %d versions give way to its quota",
                    organization, standing.storedBytes(), plan.overQuota().size());
        }
        return retire(organization, share, now)
                .call(gone -> repository.schedule(
                        organization, standing.lastVersion(), next(plan, gone, now), now.plus(PAUSE)));
    }

    private static Optional<Instant> next(RetentionPlan plan, int gone, Instant now) {
        int planned = plan.retired().size();
        if (gone < planned) {
            // the rest of a long plan at once; what somebody kept, when he is done
            return Optional.of(gone >= VERSIONS_OF_ONE ? now : now.plus(PAUSE));
        }
        return plan.next().map(due -> later(due, now.plus(PAUSE)));
    }

    private Uni<Integer> retire(OrganizationId organization, List<Long> versions, Instant now) {
        int chunks = (versions.size() + VERSIONS_AT_ONCE - 1) / VERSIONS_AT_ONCE;
        return Multi.createFrom()
                .items(IntStream.range(0, chunks).boxed())
                .onItem()
                .transformToUniAndConcatenate(chunk -> repository.retire(organization, chunk(versions, chunk), now))
                .collect()
                .with(Collectors.summingInt(Integer::intValue));
    }

    private static List<Long> chunk(List<Long> versions, int chunk) {
        int from = chunk * VERSIONS_AT_ONCE;
        return versions.subList(from, Math.min(versions.size(), from + VERSIONS_AT_ONCE));
    }

    private Uni<Void> postpone(OrganizationId organization, Instant now) {
        return repository.schedule(organization, -1, Optional.of(now.plus(PAUSE)), now.plus(PAUSE));
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
