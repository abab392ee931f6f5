package dev.ganymede.certificate;

import dev.ganymede.certificate.CertificateEntry.State;
import dev.ganymede.certificate.CertificateEntry.Validity;
import dev.ganymede.certificate.Inventory.Item;
import dev.ganymede.certificate.IssueResult.Issued;
import dev.ganymede.certificate.IssueResult.NotYet;
import dev.ganymede.certificate.SuppliedDirectory.Reading;
import dev.ganymede.io.BlockingWork;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Hands out what an operator has put into a directory: of the certificates that cover all the names and are valid, the one that ends last. The directory is looked
 * at again every {@link #LOOK_EVERY} while somebody asks; what is wrong with a file is logged when it changes, and the file passed by.
 */
final class FilesIssuer implements CertificateIssuer {

    private static final Logger LOG = Logger.getLogger(FilesIssuer.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(10);

    private final SuppliedDirectory directory;
    private final Clock clock;
    private final List<Consumer<Optional<String>>> listeners = new CopyOnWriteArrayList<>();
    private Reading reading = new Reading(List.of(), Map.of());
    private Instant lookAt = Instant.MIN;

    FilesIssuer(Path directory, Clock clock) {
        this.directory = new SuppliedDirectory(directory);
        this.clock = clock;
    }

    @Override
    public Uni<IssueResult> issue(List<String> names) {
        List<String> wanted = new DnsNames(names).values();
        return BlockingWork.run(Infrastructure.getDefaultWorkerPool(), () -> find(wanted));
    }

    Uni<Inventory> inventory() {
        return BlockingWork.run(Infrastructure.getDefaultWorkerPool(), () -> {
            Instant now = clock.instant();
            Reading found = look(now);
            List<Item> items = found.certificates().stream()
                    .map(certificate -> item(certificate, now))
                    .sorted(Comparator.comparing(Item::subject))
                    .toList();
            return new Inventory("files", Optional.empty(), Optional.empty(), items, found.problems());
        });
    }

    private static Item item(SuppliedCertificate certificate, Instant now) {
        State state = now.isBefore(certificate.notAfter()) ? State.ISSUED : State.EXPIRED;
        Validity validity = new Validity(certificate.notBefore(), certificate.notAfter());
        String subject = certificate.names().get(0);
        return new Item(subject, state, Optional.of(validity), 0, Optional.empty(), Optional.empty());
    }

    private IssueResult find(List<String> names) {
        Instant now = clock.instant();
        return look(now).certificates().stream()
                .filter(certificate -> certificate.covers(names) && certificate.isValidAt(now))
                .max(Comparator.comparing(SuppliedCertificate::notAfter))
                .<IssueResult>map(certificate -> new Issued(certificate.content()))
                .orElseGet(() -> new NotYet("no valid certificate for " + names + " is supplied"));
    }

    private Reading look(Instant now) {
        boolean changed;
        Reading found;
        synchronized (this) {
            if (now.isBefore(lookAt)) {
                return reading;
            }
            lookAt = now.plus(LOOK_EVERY);
            found = directory.read();
            changed = !found.equals(reading);
            if (changed) {
                tell(found);
            }
            reading = found;
        }
        if (changed) {
            listeners.forEach(listener -> listener.accept(Optional.empty()));
        }
        return found;
    }

    private void tell(Reading found) {
        LOG.infof("%d supplied certificates can be used", found.certificates().size());
        found.problems().forEach((file, problem) -> {
            if (!problem.equals(reading.problems().get(file))) {
                LOG.warnf("supplied certificate %s cannot be used: %s", file, problem);
            }
        });
    }

    /** They are the operator's. */
    @Override
    public Uni<Void> forget(List<String> names) {
        return Uni.createFrom().voidItem();
    }

    @Override
    public Uni<String> rootPem() {
        return Uni.createFrom().item("");
    }

    @Override
    public void whenChanged(Consumer<Optional<String>> listener) {
        listeners.add(listener);
    }
}
