package dev.ganymede.snapshot;

import dev.ganymede.problem.Problem;
import dev.ganymede.problem.ProblemType;
import dev.ganymede.snapshot.Damage.Verdict;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.jboss.logging.Logger;

/** Versions as JSON. What shows to be damaged while it is read is marked and told; the first bytes are verified before anybody gets them. */
@ApplicationScoped
class VersionReader {

    private static final Logger LOG = Logger.getLogger(VersionReader.class);
    // every one of them is marked, or a blob of it: the next pull goes on from there
    private static final int MAX_SKIPPED = 20;
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final Manifests manifests;
    private final BlobReader blobs;
    private final Damage damage;

    VersionReader(Manifests manifests, BlobReader blobs, Damage damage) {
        this.manifests = manifests;
        this.blobs = blobs;
        this.damage = damage;
    }

    /** A version whose first bytes are here. */
    record Opened(Buffer first, VersionStream rest) {

        Version version() {
            return rest.version();
        }

        boolean isWhole() {
            return !rest.hasNext();
        }
    }

    /** Fails with {@link ProblemType#SNAPSHOT_DAMAGED} when it is known to be, or its first bytes show it. */
    Uni<Opened> open(Version version) {
        if (version.damaged()) {
            Uni<Void> told =
                    version.broken() ? damage.broken(version) : Uni.createFrom().voidItem();
            return told.chain(() -> Uni.createFrom().failure(damaged(version)));
        }
        VersionStream stream = new VersionStream(version, blobs);
        return next(stream).map(first -> new Opened(first, stream));
    }

    /** The version, or the newest one that can be read instead of it. */
    Uni<Opened> openLastGood(Version wanted) {
        return openOrEarlier(wanted, wanted, new HashSet<>()).invoke(opened -> {
            if (opened.version().lineage() < wanted.lineage()) {
                damage.isBeforeRestore(wanted, opened.version());
            }
        });
    }

    private Uni<Opened> openOrEarlier(Version wanted, Version candidate, Set<Long> skipped) {
        return open(candidate).onFailure(VersionReader::isDamage).recoverWithUni(failure -> {
            skipped.add(candidate.number());
            if (skipped.size() == MAX_SKIPPED) {
                return Uni.createFrom().failure(failure);
            }
            return manifests.lastGood(wanted.organization(), skipped).chain(found -> found.map(earlier -> {
                        LOG.warnf(
                                "organization %s is given version %d, since version %d is damaged",
                                wanted.organization(), earlier.number(), wanted.number());
                        return openOrEarlier(wanted, earlier, skipped);
                    })
                    .orElseGet(() -> Uni.createFrom().failure(failure)));
        });
    }

    /** The next bytes; damage is marked and told before this fails with a {@link Problem}. */
    Uni<Buffer> next(VersionStream stream) {
        return stream.next().onFailure(DamagedBlobException.class).recoverWithUni(failure -> damage.found(
                        stream.version(), failure)
                .map(verdict -> {
                    throw problem(verdict, stream.version());
                }));
    }

    private static Problem problem(Verdict verdict, Version version) {
        return switch (verdict) {
            case DAMAGED -> damaged(version);
            case MENDED ->
                Problem.retryable(
                        ProblemType.DEPENDENCY_UNAVAILABLE,
                        "Version " + version.number() + " was mended while it was read.",
                        RETRY_AFTER);
            case GONE -> Manifests.notFound();
        };
    }

    /** Reads all of it, for nothing but to see whether it is whole. */
    Uni<Void> verify(Version version) {
        return open(version).chain(opened -> rest(opened.rest()));
    }

    private Uni<Void> rest(VersionStream stream) {
        return stream.hasNext()
                ? next(stream).chain(verified -> rest(stream))
                : Uni.createFrom().voidItem();
    }

    static boolean isDamage(Throwable failure) {
        return failure instanceof Problem problem && problem.type() == ProblemType.SNAPSHOT_DAMAGED;
    }

    private static Problem damaged(Version version) {
        return Problem.of(ProblemType.SNAPSHOT_DAMAGED, "Version " + version.number() + " is damaged.");
    }
}
