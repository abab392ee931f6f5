package dev.ganymede.snapshot;

import dev.ganymede.id.GatewayId;
import dev.ganymede.io.BlockingWork;
import dev.ganymede.problem.Problem;
import dev.ganymede.snapshot.RescueReader.Limits;
import dev.ganymede.snapshot.RescueReader.Rescued;
import dev.ganymede.snapshot.RescueTransaction.Outcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Takes in what gateways could not push and left in a file: as versions of kind RESCUE, which the organization's next gateway merges. A bad file is put aside, with
 * one line in the log that says why; what fails for another reason is tried again, after the others.
 *
 * <p>Each run takes a bounded share. Runs of one process must not overlap; a second process costs time only.
 */
@ApplicationScoped
public class Rescue {

    private static final Logger LOG = Logger.getLogger(Rescue.class);

    private final RescueTransaction transaction;
    private final BlobStore blobs;
    private final RescueConfig config;
    private final Limits limits;
    private final Clock clock;
    private final RescueDirectory directory;
    private final Counter imported;
    private final Counter refused;

    Rescue(
            RescueTransaction transaction,
            BlobStore blobs,
            RescueConfig config,
            SnapshotConfig snapshots,
            Clock clock,
            MeterRegistry meters) {
        this.transaction = transaction;
        this.blobs = blobs;
        this.config = config;
        this.limits = new Limits(snapshots.spoolDirectory(), config.maxFileBytes());
        this.clock = clock;
        this.directory = new RescueDirectory(config.directory().toAbsolutePath());
        this.imported = counter(meters, "imported");
        this.refused = counter(meters, "refused");
    }

    private static Counter counter(MeterRegistry meters, String outcome) {
        return Counter.builder("ganymede.snapshot.rescued")
                .description("Files of data that gateways could not push")
                .tag("outcome", outcome)
                .register(meters);
    }

    /** One share of the work. */
    public Uni<Void> run() {
        return blocking(() -> directory.collect(config.filesPerRound(), clock.instant()))
                .chain(this::importAll);
    }

    private Uni<Void> importAll(List<RescueFile> files) {
        return Multi.createFrom()
                .iterable(files)
                .onItem()
                .transformToUniAndConcatenate(this::importOne)
                .collect()
                .last();
    }

    private Uni<Void> importOne(RescueFile file) {
        return blocking(() -> checkSize(file))
                .chain(() -> transaction.owner(file))
                .chain(owner -> owner.map(gateway -> importOf(file, gateway))
                        .orElseGet(() -> refuse(file, "nobody had that organization in that generation there")))
                .onFailure(Rescue::isTheFiles)
                .recoverWithUni(wrong -> refuse(file, wrong.getMessage()))
                .onFailure()
                .call(failure -> blocking(() -> {
                    directory.later(file, clock.instant());
                    return null;
                }));
    }

    /** Of the file itself: as bad the next time. */
    private static boolean isTheFiles(Throwable failure) {
        return failure instanceof Problem problem && problem.retryAfter() == null;
    }

    private Void checkSize(RescueFile file) throws IOException {
        Optional<Long> sizeBytes = directory.sizeBytes(file);
        if (sizeBytes.isEmpty()) {
            throw Problem.invalid("file", "it is no regular file");
        }
        if (sizeBytes.get() > config.maxFileBytes()) {
            throw Problem.invalid("file", "it is larger than " + config.maxFileBytes() + " bytes");
        }
        return null;
    }

    private Uni<Void> importOf(RescueFile file, GatewayId gateway) {
        return blocking(() -> read(file, gateway))
                .chain(rescued -> transaction.add(file, gateway, rescued.takenAt(), rescued.manifest()))
                .chain(outcome -> settle(file, outcome));
    }

    private Rescued read(RescueFile file, GatewayId gateway) throws IOException {
        try (InputStream content = directory.open(file)) {
            return RescueReader.read(content, file, gateway, blobs, limits);
        }
    }

    private Uni<Void> settle(RescueFile file, Outcome outcome) {
        if (outcome instanceof Outcome.Full) {
            return refuse(file, config.maxWaiting() + " versions of that organization wait to be merged already");
        }
        return blocking(() -> {
            directory.imported(file, config.importedKept());
            imported.increment();
            LOG.infof(
                    "what %s could not push is stored: organization %s, generation %s, %s",
                    file.gateway(),
                    file.organization(),
                    file.generation(),
                    outcome instanceof Outcome.Added added ? "version " + added.version() : "as it was already");
            return null;
        });
    }

    private Uni<Void> refuse(RescueFile file, String reason) {
        return blocking(() -> {
            directory.refused(file);
            refused.increment();
            LOG.warnf("the rescued file %s is put aside: %s", file.takenName(), reason);
            return null;
        });
    }

    @FunctionalInterface
    private interface Work<T> {
        T run() throws IOException;
    }

    private static <T> Uni<T> blocking(Work<T> work) {
        return BlockingWork.run(Infrastructure.getDefaultWorkerPool(), () -> {
            try {
                return work.run();
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        });
    }
}
