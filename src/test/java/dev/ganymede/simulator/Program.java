package dev.ganymede.simulator;

import io.vertx.core.Future;

/** What runs in a container. All on one event loop. */
interface Program {

    /** Completes when it listens; fails with {@link java.net.BindException} when its port is in use. */
    Future<Void> start();

    /** SIGTERM: completes when it has ended. */
    Future<Void> terminate();

    /** SIGKILL: completes when nobody listens any more. */
    Future<Void> kill();

    /** Makes one, from what its container is given. */
    interface Factory {

        /** @param ended to be called when it ends by itself */
        Program of(Order order, Runnable ended);
    }
}
