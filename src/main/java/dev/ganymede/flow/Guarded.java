package dev.ganymede.flow;

import io.smallrye.faulttolerance.api.Guard;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import jakarta.enterprise.util.TypeLiteral;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * One call through a guard of SmallRye Fault Tolerance, as an adapter wants it (ADR 10).
 *
 * <p>The guard alone forgets two things: whoever leaves (cancels, or is told of a timeout) also ends the work behind it, and the outcome comes back on the
 * caller's Vert.x context. Guards nest: the outer one retries, the inner one limits and counts each attempt. To the guard, work that was left has failed with {@link
 * CancellationException}. That says nothing about the other side, but a breaker knows only failures and successes, and counts as a success whatever its {@code when}
 * does not name. Calls that are left as a rule, before the guard's own timeout, therefore do not belong behind a breaker: they would keep it closed while nothing
 * answers.
 */
public final class Guarded {

    private Guarded() {}

    /** The work, begun anew by every attempt of the guard; nothing happens before somebody subscribes. */
    public static <T> Uni<T> call(Guard guard, Supplier<Uni<T>> work) {
        Uni<T> call = Uni.createFrom().deferred(() -> {
            CompletableFuture<Void> over = new CompletableFuture<>();
            return guard.get(() -> until(over, work.get()), new TypeLiteral<Uni<T>>() {})
                    .onTermination()
                    .invoke(() -> over.complete(null));
        });
        return CallersContext.resume(call);
    }

    /**
     * A guard neither cancels what it gave up nor what its subscriber left; and what is cancelled must still end for the guard, which otherwise counts it as running
     * for ever.
     */
    private static <T> Uni<T> until(CompletableFuture<Void> over, Uni<T> work) {
        return Uni.createFrom().emitter(emitter -> {
            if (over.isDone()) {
                emitter.fail(new CancellationException("the caller has left"));
                return;
            }
            Cancellable running = work.subscribe().with(emitter::complete, emitter::fail);
            over.thenRun(() -> {
                running.cancel();
                emitter.fail(new CancellationException("the caller has left"));
            });
        });
    }
}
