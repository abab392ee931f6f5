package dev.ganymede.snapshot;

import dev.ganymede.snapshot.SweepRepository.Position;
import dev.ganymede.snapshot.SweepRepository.Seen;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * Removes blobs that no version refers to and that nobody has used for {@code ganymede.snapshot.sweep-grace}: what a push left that came to nothing, and what
 * retired versions were made of.
 *
 * <p>It goes through all blobs, the longest unused first, round and round, a bounded share at a time; it remembers only how far it has come, and begins anew in
 * another process. Looking takes no lock. Whoever is about to refer to a blob renews {@code used_at} first; that is looked at again, and the references too, under
 * a lock on the blob that a renewal and a new reference need as well. So a blob goes or is used, never both; the foreign key would refuse it once more. Shares of
 * one process must not overlap; a second process costs time only.
 */
@ApplicationScoped
class BlobSweep {

    private static final Logger LOG = Logger.getLogger(BlobSweep.class);

    private static final int LOOKED_AT = 5_000;
    private static final int BLOBS_AT_ONCE = 50;
    private static final int BLOBS = 500;
    private static final long BYTES = 256L << 20;
    private static final Position BEGIN = new Position(Instant.EPOCH, Sha256.of(new byte[32]));

    private final SweepRepository repository;
    private final SnapshotConfig config;
    private final Clock clock;
    private final StoreFigures figures;
    private volatile Position position = BEGIN;
    private volatile Tour tour = Tour.NONE;

    BlobSweep(SweepRepository repository, SnapshotConfig config, Clock clock, StoreFigures figures) {
        this.repository = repository;
        this.config = config;
        this.clock = clock;
        this.figures = figures;
    }

    /** What one way through all blobs has seen. */
    record Tour(long blobs, long bytes, long unreferencedBytes) {

        static final Tour NONE = new Tour(0, 0, 0);

        Tour past(Seen blob) {
            return new Tour(
                    blobs + 1,
                    bytes + blob.sizeBytes(),
                    unreferencedBytes + (blob.referenced() ? 0 : blob.sizeBytes()));
        }
    }

    /** What one share of the work has done; {@code full}: it found as much as it may remove, so there is more. */
    record Share(int removed, boolean full) {}

    /** One share of the work. */
    Uni<Share> run() {
        Instant unusedSince = clock.instant().minus(config.sweepGrace());
        return repository.look(position, LOOKED_AT).chain(seen -> sweep(seen, unusedSince));
    }

    private Uni<Share> sweep(List<Seen> seen, Instant unusedSince) {
        List<Seen> doomed = new ArrayList<>();
        Tour sofar = tour;
        long bytes = 0;
        int looked = 0;
        for (Seen blob : seen) {
            if (isFull(doomed, bytes)) {
                break;
            }
            looked++;
            sofar = sofar.past(blob);
            if (!blob.referenced() && blob.usedAt().isBefore(unusedSince)) {
                doomed.add(blob);
                bytes += blob.sizeBytes();
            }
        }
        Tour past = sofar;
        boolean end = looked == seen.size() && seen.size() < LOOKED_AT;
        Position reached = looked == 0 ? position : at(seen.get(looked - 1));
        boolean full = isFull(doomed, bytes);
        return delete(doomed, unusedSince)
                .invoke(() -> arrived(past, end, reached))
                .map(removed -> new Share(removed, full));
    }

    private static boolean isFull(List<Seen> doomed, long bytes) {
        return doomed.size() == BLOBS || bytes >= BYTES;
    }

    private void arrived(Tour past, boolean end, Position reached) {
        if (end) {
            figures.toured(past);
        }
        tour = end ? Tour.NONE : past;
        position = end ? BEGIN : reached;
    }

    private Uni<Integer> delete(List<Seen> doomed, Instant unusedSince) {
        return Multi.createFrom()
                .iterable(doomed)
                .map(Seen::sha256)
                .group()
                .intoLists()
                .of(BLOBS_AT_ONCE)
                .onItem()
                .transformToUniAndConcatenate(blobs -> repository.delete(blobs, unusedSince))
                .onItem()
                .invoke(figures::swept)
                .collect()
                .in(ArrayList<Long>::new, List::addAll)
                .map(BlobSweep::told);
    }

    private static int told(List<Long> sizes) {
        if (!sizes.isEmpty()) {
            LOG.infof(
                    "%d blobs swept that nobody refers to, %d bytes",
                    sizes.size(), sizes.stream().mapToLong(Long::longValue).sum());
        }
        return sizes.size();
    }

    private static Position at(Seen blob) {
        return new Position(blob.usedAt(), blob.sha256());
    }
}
