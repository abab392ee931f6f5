package dev.ganymede.certificate;

import dev.ganymede.certificate.IssuancePlanner.Observation;
import dev.ganymede.io.BlockingWork;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Has an authority elsewhere issue what is wanted and renew what is due, within its budget. Each run does a bounded share, and may be killed at any moment. Runs of one
 * process must not overlap.
 */
final class CertificateUpkeep {

    private static final Logger LOG = Logger.getLogger(CertificateUpkeep.class);
    private static final Duration SWEEP_EVERY = Duration.ofHours(1);

    private final RemoteAuthority authority;
    private final CertificateRepository repository;
    private final CertificateQueue queue;
    private final CertificateOrder order;
    private final RemoteIssuer issuer;
    private final IssuedStore store;
    private final Duration unusedAfter;
    private final Clock clock;
    private volatile Set<String> waiting = Set.of();
    private volatile Instant sweepAt = Instant.MIN;
    private volatile boolean scarce;

    CertificateUpkeep(
            RemoteAuthority authority,
            CertificateRepository repository,
            CertificateQueue queue,
            CertificateOrder order,
            RemoteIssuer issuer,
            IssuedStore store,
            Duration unusedAfter,
            Clock clock) {
        this.authority = authority;
        this.repository = repository;
        this.queue = queue;
        this.order = order;
        this.issuer = issuer;
        this.store = store;
        this.unusedAfter = unusedAfter;
        this.clock = clock;
    }

    /** One share of the work. */
    Uni<Void> run() {
        Instant now = clock.instant();
        // swept last: whoever is in use was seen by then, however long nobody has looked
        return queue.observe(now).chain(this::act).chain(() -> sweep(now));
    }

    /** Whether these names wait for budget, as far as this process knows. */
    boolean waitsForBudget(List<String> names) {
        return waiting.contains(names.get(0));
    }

    private Uni<Void> act(Observation observed) {
        IssuancePlan plan = IssuancePlanner.plan(observed, queue.rules());
        tellBudget(observed.budget(), plan);
        tellWaiting(plan);
        return Multi.createFrom()
                .iterable(plan.orders())
                .onItem()
                .transformToUni(this::order)
                .merge(observed.places())
                .collect()
                .last()
                .replaceWithVoid();
    }

    private Uni<Void> order(CertificateEntry entry) {
        return order.run(entry)
                .invoke(issued -> {
                    if (issued) {
                        issuer.changed(Optional.of(entry.subject()));
                    }
                })
                .replaceWithVoid()
                .onFailure()
                .invoke(failure ->
                        LOG.warnf(failure, "certificate of %s: its order is left for later", entry.subject()))
                .onFailure()
                .recoverWithNull();
    }

    private void tellBudget(Budget budget, IssuancePlan plan) {
        boolean now = budget.isScarce(queue.rules());
        if (now && !scarce) {
            LOG.warnf(
                    "certificates: %d of %d are spent, %d wait; the next one is free at %s",
                    budget.spent(),
                    budget.limit(),
                    plan.waiting().size(),
                    budget.nextAt().orElse(null));
        }
        scarce = now;
    }

    /** Whoever shows certificates asks again, since for those that wait there may be another answer now. */
    private void tellWaiting(IssuancePlan plan) {
        Set<String> now =
                plan.waiting().stream().map(CertificateEntry::subject).collect(Collectors.toUnmodifiableSet());
        boolean more = !waiting.containsAll(now);
        waiting = now;
        if (more) {
            issuer.changed(Optional.empty());
        }
    }

    /** What killed orders and organizations that are gone have left behind. */
    private Uni<Void> sweep(Instant now) {
        if (now.isBefore(sweepAt)) {
            return Uni.createFrom().voidItem();
        }
        return repository
                .removeUnseenSince(authority.name(), now.minus(unusedAfter))
                .chain(this::removeFiles)
                .chain(() -> repository.forgetIssuancesBefore(
                        authority.name(), now.minus(queue.rules().window().multipliedBy(2))))
                .chain(() -> repository.all(authority.name()))
                .chain(entries -> authority.clearProofs(underWay(entries)))
                .invoke(() -> sweepAt = now.plus(SWEEP_EVERY));
    }

    private Uni<Void> removeFiles(List<String> subjects) {
        return BlockingWork.run(Infrastructure.getDefaultWorkerPool(), () -> {
            subjects.forEach(subject -> store.remove(List.of(subject, "*." + subject)));
            return null;
        });
    }

    private static Set<String> underWay(List<CertificateEntry> entries) {
        return entries.stream()
                .filter(entry -> entry.order().isPresent())
                .map(CertificateEntry::subject)
                .collect(Collectors.toUnmodifiableSet());
    }
}
