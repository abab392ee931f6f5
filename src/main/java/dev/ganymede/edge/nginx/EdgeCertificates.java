package dev.ganymede.edge.nginx;

import dev.ganymede.certificate.CertificateIssuer;
import dev.ganymede.certificate.IssueResult;
import dev.ganymede.certificate.KeyAndChain;
import dev.ganymede.edge.EdgeException;
import dev.ganymede.edge.nginx.CertificateFiles.Stamp;
import dev.ganymede.id.Domain;
import dev.ganymede.id.OrganizationId;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * The certificates that the edge shows: one for the apex and every name one label below it, and one for each organization, since {@code *.<domain>} does
 * not reach {@code uc-x.org-y.<domain>}. Each is one file with key and chain, so that the two cannot come apart.
 *
 * <p>The issuer decides about renewal; it is asked again once a day for each organization, and at once when its file is not the one that was written, or when the
 * issuer says so. An organization that it has nothing for yet is served without: its names one label deep are those of the first certificate.
 */
final class EdgeCertificates {

    private static final Logger LOG = Logger.getLogger(EdgeCertificates.class);
    private static final Duration ASK_AGAIN_AFTER = Duration.ofDays(1);
    /** In case that nobody told. */
    private static final Duration ASK_AGAIN_WHILE_NONE = Duration.ofMinutes(5);

    private static final Duration SWEEP_EVERY = Duration.ofHours(1);
    /** Issued again in milliseconds when it is needed after all. */
    private static final Duration UNUSED_AFTER = Duration.ofDays(30);

    private static final int MAX_IN_ONE_ROUND = 500;
    private static final int AT_ONCE = 4;

    /** @param stamp of the file that was written; of whatever there was when the issuer had nothing */
    private record Known(Instant askAgainAt, Optional<Stamp> stamp) {}

    private final CertificateIssuer issuer;
    private final Domain domain;
    private final CertificateFiles files;
    private final Clock clock;
    private final Map<OrganizationId, Known> known = new ConcurrentHashMap<>();
    private volatile Instant sweepAt = Instant.MIN;

    EdgeCertificates(CertificateIssuer issuer, Domain domain, CertificateFiles files, Clock clock) {
        this.issuer = issuer;
        this.domain = domain;
        this.files = files;
        this.clock = clock;
        issuer.whenChanged(this::askAgain);
    }

    /** Key and chain for the environment's own names; secret. */
    Uni<String> basePem() {
        return issuer.issue(List.of(domain.name(), "*." + domain.name())).map(EdgeCertificates::required);
    }

    /** Completes when a handshake for a name below the organization finds its certificate, or when there is none for it yet. */
    Uni<Void> ensure(OrganizationId organization) {
        return onWorker(() -> isInOrder(organization))
                .chain(inOrder -> inOrder ? Uni.createFrom().voidItem() : issue(organization));
    }

    /** The same for all of them. */
    Uni<Void> ensure(Collection<OrganizationId> organizations) {
        return Multi.createFrom()
                .iterable(organizations)
                .onItem()
                .transformToUni(this::ensure)
                .merge(AT_ONCE)
                .collect()
                .last()
                .replaceWithVoid();
    }

    /**
     * Restores what was lost or altered, renews what is due, removes what nobody needs any more; a limited number each time, lost ones first. One that fails is
     * left for the next time.
     */
    Uni<Void> tend(Set<OrganizationId> routed) {
        known.keySet().retainAll(routed);
        return onWorker(() -> notInOrder(routed))
                .chain(organizations -> Multi.createFrom()
                        .iterable(organizations)
                        .onItem()
                        .transformToUni(organization -> attempt(organization, issue(organization)))
                        .merge(AT_ONCE)
                        .collect()
                        .last())
                .chain(done -> sweep(routed));
    }

    private List<OrganizationId> notInOrder(Set<OrganizationId> routed) {
        return routed.stream()
                .filter(organization -> !isInOrder(organization))
                .sorted(Comparator.comparing(
                        organization -> files.stamp(organization).isPresent()))
                .limit(MAX_IN_ONE_ROUND)
                .toList();
    }

    private boolean isInOrder(OrganizationId organization) {
        Known last = known.get(organization);
        return last != null
                && clock.instant().isBefore(last.askAgainAt())
                && files.stamp(organization).equals(last.stamp());
    }

    /** At the next look, that is. */
    private void askAgain(Optional<String> subject) {
        known.keySet()
                .removeIf(organization -> subject.isEmpty()
                        || subject.get().equals(names(organization).get(0)));
    }

    private Uni<Void> issue(OrganizationId organization) {
        return issuer.issue(names(organization))
                .emitOn(Infrastructure.getDefaultWorkerPool())
                .invoke(result -> known.put(organization, outcome(organization, result)))
                .replaceWithVoid();
    }

    private Known outcome(OrganizationId organization, IssueResult result) {
        Instant now = clock.instant();
        if (result instanceof IssueResult.Issued issued) {
            Stamp written = files.put(organization, pem(issued.certificate()), now);
            return new Known(now.plus(ASK_AGAIN_AFTER), Optional.of(written));
        }
        // what stands there, perhaps of another issuer, is better than nothing
        return new Known(now.plus(ASK_AGAIN_WHILE_NONE), files.stamp(organization));
    }

    private Uni<Void> sweep(Set<OrganizationId> routed) {
        Instant now = clock.instant();
        if (now.isBefore(sweepAt)) {
            return Uni.createFrom().voidItem();
        }
        sweepAt = now.plus(SWEEP_EVERY);
        Instant then = now.minus(UNUSED_AFTER);
        return onWorker(() -> {
                    files.removeLeftBehind(now.minus(SWEEP_EVERY));
                    return files.unusedSince(then).stream()
                            .filter(organization -> !routed.contains(organization))
                            .limit(MAX_IN_ONE_ROUND)
                            .toList();
                })
                .onItem()
                .transformToMulti(unused -> Multi.createFrom().iterable(unused))
                .onItem()
                .transformToUniAndConcatenate(organization -> attempt(organization, forget(organization, then)))
                .collect()
                .last()
                .replaceWithVoid();
    }

    private Uni<Void> forget(OrganizationId organization, Instant then) {
        return issuer.forget(names(organization))
                .emitOn(Infrastructure.getDefaultWorkerPool())
                .invoke(() -> files.removeUnused(organization, then));
    }

    private static Uni<Void> attempt(OrganizationId organization, Uni<Void> work) {
        return work.onFailure()
                .invoke(failure -> LOG.warnf("certificate of organization %s: %s", organization, failure.getMessage()))
                .onFailure()
                .recoverWithNull();
    }

    private List<String> names(OrganizationId organization) {
        String name = domain.organization(organization);
        return List.of(name, "*." + name);
    }

    private static <T> Uni<T> onWorker(Supplier<T> work) {
        return Uni.createFrom().item(work).runSubscriptionOn(Infrastructure.getDefaultWorkerPool());
    }

    private static String required(IssueResult result) {
        if (result instanceof IssueResult.Issued issued) {
            return pem(issued.certificate());
        }
        throw new EdgeException("there is no certificate for the environment's own names");
    }

    private static String pem(KeyAndChain issued) {
        return issued.keyPem() + issued.chainPem();
    }
}
