package dev.ganymede.flow;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;

/**
 * Brings outcomes back to the Vert.x context that subscribed: a database session lives on one, and work that ran elsewhere (a thread of an
 * adapter, a batch that another caller started) must not resume its caller there.
 */
public final class CallersContext {

    private CallersContext() {}

    /** The same work; without a Vert.x context at subscription nothing changes. */
    public static <T> Uni<T> resume(Uni<T> work) {
        return Uni.createFrom().deferred(() -> {
            Context caller = Vertx.currentContext();
            return caller == null ? work : work.emitOn(task -> caller.runOnContext(ignored -> task.run()));
        });
    }
}
