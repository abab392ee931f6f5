package dev.ganymede.snapshot;

import dev.ganymede.flow.Guarded;
import dev.ganymede.problem.Problem;
import dev.ganymede.problem.ProblemType;
import io.smallrye.faulttolerance.api.Guard;
import io.smallrye.mutiny.TimeoutException;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.function.Supplier;
import org.eclipse.microprofile.faulttolerance.exceptions.BulkheadException;

/** Only so many large snapshots are read at the same time, since each needs memory; the others wait, first come first served. Small ones always pass. */
@ApplicationScoped
class Turns {

    private static final long LARGE_BYTES = 1024 * 1024;
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final PullConfig config;
    private final Guard guard;

    Turns(PullConfig config) {
        this.config = config;
        this.guard = Guard.create()
                .withDescription("large-snapshots")
                .withBulkhead()
                .limit(config.maxConcurrent())
                .queueSize(config.maxWaiting())
                .done()
                .build();
    }

    /** The work with that version, in its turn and in bounded time, the wait included. */
    <T> Uni<T> take(Version version, Supplier<Uni<T>> work) {
        boolean large = version.manifest().jsonBytes() > LARGE_BYTES;
        return (large ? Guarded.call(guard, work) : Uni.createFrom().deferred(work::get))
                .ifNoItem()
                .after(config.timeout())
                .fail()
                .onFailure(Turns::isTooMuch)
                .transform(tooMuch -> Problem.retryable(
                        ProblemType.OVERLOADED, "Too many large snapshots are read at once.", RETRY_AFTER));
    }

    private static boolean isTooMuch(Throwable failure) {
        return failure instanceof BulkheadException || failure instanceof TimeoutException;
    }
}
