package dev.ganymede.snapshot;

import dev.ganymede.flow.CallersContext;
import dev.ganymede.flow.Guarded;
import dev.ganymede.id.OrganizationId;
import dev.ganymede.problem.Problem;
import dev.ganymede.problem.ProblemType;
import io.smallrye.faulttolerance.api.Guard;
import io.smallrye.mutiny.TimeoutException;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.eclipse.microprofile.faulttolerance.exceptions.BulkheadException;

/**
 * Only so many large snapshots are read at the same time, since each needs memory; the others wait, first come first served. Small ones always pass. Operators have
 * turns of their own: no start waits for a download. An organization has one pull at a time: its gateway has given up the one before.
 */
@ApplicationScoped
class Turns {

    private static final long LARGE_BYTES = 1024 * 1024;
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final PullConfig config;
    private final Guard pulls;
    private final Guard looks;
    private final Map<OrganizationId, CompletableFuture<?>> pulling = new ConcurrentHashMap<>();

    Turns(PullConfig config) {
        this.config = config;
        this.pulls = guard("large-snapshots", config.maxConcurrent());
        this.looks = guard("large-snapshots-operators", config.maxConcurrentOperators());
    }

    private Guard guard(String name, int concurrent) {
        return Guard.create()
                .withDescription(name)
                .withBulkhead()
                .limit(concurrent)
                .queueSize(config.maxWaiting())
                .done()
                .build();
    }

    /** Who reads. */
    enum Reader {
        GATEWAY,
        OPERATOR
    }

    /** The work with that version, in its turn and in bounded time, the wait included. */
    <T> Uni<T> take(Reader reader, Version version, Supplier<Uni<T>> work) {
        boolean large = version.manifest().jsonBytes() > LARGE_BYTES;
        return (large ? inTurn(reader, version, work) : Uni.createFrom().deferred(work::get))
                .ifNoItem()
                .after(config.timeout())
                .fail()
                .onFailure(Turns::isTooMuch)
                .transform(tooMuch -> overloaded("Too many large snapshots are read at once."));
    }

    private <T> Uni<T> inTurn(Reader reader, Version version, Supplier<Uni<T>> work) {
        return switch (reader) {
            case GATEWAY -> alone(version.organization(), Guarded.call(pulls, work));
            case OPERATOR -> Guarded.call(looks, work);
        };
    }

    private <T> Uni<T> alone(OrganizationId organization, Uni<T> pull) {
        return CallersContext.resume(Uni.createFrom().deferred(() -> {
            CompletableFuture<T> superseded = new CompletableFuture<>();
            CompletableFuture<?> earlier = pulling.put(organization, superseded);
            if (earlier != null) {
                earlier.completeExceptionally(overloaded("The organization's data is being read once more."));
            }
            return Uni.combine()
                    .any()
                    .of(Uni.createFrom().completionStage(superseded), pull)
                    .onTermination()
                    .invoke(() -> pulling.remove(organization, superseded));
        }));
    }

    private static Problem overloaded(String detail) {
        return Problem.retryable(ProblemType.OVERLOADED, detail, RETRY_AFTER);
    }

    private static boolean isTooMuch(Throwable failure) {
        return failure instanceof BulkheadException || failure instanceof TimeoutException;
    }
}
