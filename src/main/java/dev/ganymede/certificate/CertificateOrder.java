package dev.ganymede.certificate;

import dev.ganymede.io.BlockingWork;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Takes one certificate from the queue to the store. Each step's outcome is in the database, or with the authority, before the next one begins: killed anywhere,
 * whoever holds the lease next goes on from there.
 */
final class CertificateOrder {

    private static final Logger LOG = Logger.getLogger(CertificateOrder.class);
    /** For what is ours: the database and the zone. */
    private static final Duration MARGIN = Duration.ofMinutes(1);

    private final RemoteAuthority authority;
    private final CertificateRepository repository;
    private final IssuedStore store;
    private final Clock clock;
    private final DoubleSupplier chance;

    CertificateOrder(
            RemoteAuthority authority,
            CertificateRepository repository,
            IssuedStore store,
            Clock clock,
            DoubleSupplier chance) {
        this.authority = authority;
        this.repository = repository;
        this.store = store;
        this.clock = clock;
        this.chance = chance;
    }

    /** True when there is a new certificate. What goes wrong with it stands in its row, and fails nothing. */
    Uni<Boolean> run(CertificateEntry entry) {
        return repository
                .lease(authority.name(), entry, clock.instant().plus(lease()))
                .chain(ours -> ours ? leased(entry) : Uni.createFrom().item(false));
    }

    /** So long nobody else goes on with an order that somebody is at. */
    private Duration lease() {
        return authority.longestOrder().plus(MARGIN);
    }

    private Uni<Boolean> leased(CertificateEntry entry) {
        return placed(entry)
                .chain(order -> authority.prove(order).replaceWith(order))
                .call(() -> repository.count(authority.name(), entry, clock.instant()))
                .chain(order -> finished(entry, order))
                .chain(validity -> record(entry, validity))
                .replaceWith(true)
                .onFailure(CertificateOrder::isOurs)
                .recoverWithUni(failure -> failed(entry, failure).replaceWith(false));
    }

    private Uni<URI> placed(CertificateEntry entry) {
        return entry.order().map(order -> Uni.createFrom().item(order)).orElseGet(() -> authority
                .place(entry.names())
                .call(order -> repository.ordered(authority.name(), entry.subject(), order)));
    }

    private Uni<CertificateEntry.Validity> finished(CertificateEntry entry, URI order) {
        return blocking(() -> store.keyOfOrder(entry.names())).chain(keys -> authority
                .finish(order, entry.names(), keys)
                .chain(chainPem -> blocking(() -> store.save(entry.names(), keys, chainPem))));
    }

    private Uni<Void> record(CertificateEntry entry, CertificateEntry.Validity validity) {
        Instant renewAt = Timetable.renewal(validity, chance.getAsDouble());
        LOG.infof(
                "certificate issued for %s, valid until %s, renewed from %s",
                entry.subject(), validity.expiresAt(), renewAt);
        return repository.issued(authority.name(), entry.subject(), validity, renewAt);
    }

    private Uni<Void> failed(CertificateEntry entry, Throwable failure) {
        Instant now = clock.instant();
        Instant patient = now.plus(Timetable.pause(entry.attempts() + 1, chance.getAsDouble()));
        Instant retryAt = failure instanceof OrderException told
                ? told.retryAt().filter(patient::isBefore).orElse(patient)
                : patient;
        LOG.warnf(
                "certificate of %s: attempt %d came to nothing, the next one at %s: %s",
                entry.subject(), entry.attempts() + 1, retryAt, failure.getMessage());
        Uni<Void> dropped = isDead(failure)
                ? repository.dropOrder(authority.name(), entry.subject())
                : Uni.createFrom().voidItem();
        return dropped.chain(() -> repository.failed(authority.name(), entry.subject(), failure.getMessage(), retryAt));
    }

    /** What the database or this machine fails with is left to the lease's end. */
    private static boolean isOurs(Throwable failure) {
        return failure instanceof OrderException || failure instanceof CertificateException;
    }

    private static boolean isDead(Throwable failure) {
        return !(failure instanceof OrderException told
                && (told.kind() == OrderException.Kind.RATE_LIMITED || told.kind() == OrderException.Kind.UNREACHABLE));
    }

    private static <T> Uni<T> blocking(Supplier<T> work) {
        return BlockingWork.run(Infrastructure.getDefaultWorkerPool(), work);
    }
}
