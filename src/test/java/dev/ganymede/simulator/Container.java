package dev.ganymede.simulator;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.UUID;
import java.util.function.Consumer;

/** One container of the simulated node. On its event loop only. */
final class Container {

    final String id = UUID.randomUUID().toString();
    final Order order;
    String name;
    private final Program program;
    private final Consumer<Container> whenEnded;
    private boolean running;
    private Future<Void> stopping;

    Container(Order order, Program.Factory programs, Consumer<Container> whenEnded) {
        this.order = order;
        this.name = order.name();
        this.whenEnded = whenEnded;
        this.program = programs.of(order, this::ended);
    }

    Future<Void> start() {
        return program.start().onSuccess(started -> running = true);
    }

    boolean runs() {
        return running;
    }

    /** SIGTERM, and SIGKILL after the grace; who asks meanwhile gets the same end. */
    Future<Void> stop(Vertx vertx, long graceMillis) {
        if (!running) {
            return Future.succeededFuture();
        }
        if (stopping == null) {
            long timer = vertx.setTimer(Math.max(1, graceMillis), late -> kill());
            stopping = program.terminate().onComplete(done -> {
                vertx.cancelTimer(timer);
                ended();
            });
        }
        return stopping;
    }

    Future<Void> kill() {
        return running ? program.kill().onComplete(done -> ended()) : Future.succeededFuture();
    }

    private void ended() {
        if (running) {
            running = false;
            whenEnded.accept(this);
        }
    }

    JsonObject toJson() {
        return new JsonObject()
                .put("id", id)
                .put("name", name)
                .put("gateway", order.gateway())
                .put("life", order.life())
                .put("status", running ? "running" : "ended");
    }
}
