package dev.ganymede.io;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Runs blocking work on worker threads and brings the result back to the Vert.x context of whoever subscribed, if it had one: a reactive
 * session may only be used there.
 */
public final class BlockingWork {

    private BlockingWork() {}

    /** The work, run once per subscription; what it throws is the failure. */
    public static <T> Uni<T> run(Executor workers, Supplier<T> work) {
        return onCallerContext(Uni.createFrom().item(work).runSubscriptionOn(workers));
    }

    /** The same {@code Uni}, ending on the context of its subscriber. */
    public static <T> Uni<T> onCallerContext(Uni<T> uni) {
        return Uni.createFrom().deferred(() -> {
            Context caller = Vertx.currentContext();
            return caller == null ? uni : uni.emitOn(command -> caller.runOnContext(ignored -> command.run()));
        });
    }
}
