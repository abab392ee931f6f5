package dev.ganymede.simulator;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.Optional;
import java.util.function.Function;

/** The agent's protocol (docs/agent.md) over a {@link Node}. On one event loop only. */
final class Agent {

    private static final int MAX_BODY_BYTES = 64 * 1024;
    private static final long MAX_WAIT_MILLIS = 60_000;
    private static final String CONTAINERS = "/environments/:environment/containers";

    private final Vertx vertx;
    private final Node node;
    private final Optional<String> token;

    Agent(Vertx vertx, Node node, Optional<String> token) {
        this.vertx = vertx;
        this.node = node;
        this.token = token;
    }

    Future<HttpServer> listen(String address, int port) {
        Router router = Router.router(vertx);
        router.route().handler(this::admit);
        router.route().handler(BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES));
        answer(router.get(CONTAINERS), this::list);
        answer(router.post(CONTAINERS), this::create);
        answer(router.post(CONTAINERS + "/:id/stop"), this::stop);
        answer(router.delete(CONTAINERS + "/:id"), this::remove);
        answer(router.patch(CONTAINERS + "/:id"), this::rename);
        answer(router.get("/environments/:environment/events"), this::events);
        answer(router.get("/environments/:environment/images"), this::image);
        answer(router.get("/environments/:environment/ping"), call -> done(Future.succeededFuture()));
        return vertx.createHttpServer(new HttpServerOptions().setHost(address).setPort(port))
                .requestHandler(router)
                .listen();
    }

    /** An answer without a body has none. */
    private record Answer(int status, Optional<JsonObject> body, Optional<String> tag) {

        static Answer of(JsonObject body) {
            return new Answer(200, Optional.of(body), Optional.empty());
        }
    }

    private void admit(RoutingContext call) {
        boolean admitted = token.map(
                        secret -> ("Bearer " + secret).equals(call.request().getHeader("authorization")))
                .orElse(true);
        if (admitted) {
            call.next();
        } else {
            send(call, new Problem(401, "invalid-token", "the token is missing or wrong"));
        }
    }

    private void answer(Route route, Function<RoutingContext, Future<Answer>> handler) {
        route.handler(call -> {
            Future<Answer> answer;
            try {
                answer = handler.apply(call);
            } catch (Problem refusal) {
                answer = Future.failedFuture(refusal);
            } catch (DecodeException | ClassCastException | NullPointerException | IllegalArgumentException bad) {
                answer = Future.failedFuture(new Problem(400, "invalid-request", String.valueOf(bad.getMessage())));
            }
            answer.onSuccess(done -> send(call, done)).onFailure(failure -> send(call, failure));
        });
    }

    private Future<Answer> list(RoutingContext call) {
        String tag = node.tag();
        if (tag.equals(call.request().getHeader("if-none-match"))) {
            return Future.succeededFuture(new Answer(304, Optional.empty(), Optional.of(tag)));
        }
        return Future.succeededFuture(new Answer(200, Optional.of(node.listing(environment(call))), Optional.of(tag)));
    }

    private Future<Answer> create(RoutingContext call) {
        return node.create(Order.read(environment(call), call.body().asJsonObject()))
                .map(container ->
                        new Answer(201, Optional.of(new JsonObject().put("id", container.id)), Optional.empty()));
    }

    private Future<Answer> stop(RoutingContext call) {
        return done(node.stop(
                environment(call),
                call.pathParam("id"),
                call.body().asJsonObject().getLong("grace_ms")));
    }

    private Future<Answer> remove(RoutingContext call) {
        return done(node.remove(environment(call), call.pathParam("id")));
    }

    private Future<Answer> rename(RoutingContext call) {
        String name = Order.name(call.body().asJsonObject().getString("name"));
        node.rename(environment(call), call.pathParam("id"), name);
        return done(Future.succeededFuture());
    }

    private Future<Answer> events(RoutingContext call) {
        String after = call.request().getParam("after");
        if (after == null) {
            return node.events()
                    .after(environment(call), node.events().last(), 0)
                    .map(Answer::of);
        }
        long waitMillis =
                Math.min(MAX_WAIT_MILLIS, Long.parseLong(call.request().getParam("wait_ms", "0")));
        return node.events()
                .after(environment(call), Long.parseLong(after), waitMillis)
                .map(Answer::of);
    }

    private Future<Answer> image(RoutingContext call) {
        String reference = call.request().getParam("reference", "");
        return Future.succeededFuture(Answer.of(new JsonObject()
                .put(
                        "id",
                        node.image(reference)
                                .orElseThrow(() -> new Problem(404, "image-not-found", "no image " + reference)))));
    }

    private static Future<Answer> done(Future<?> work) {
        return work.map(new Answer(204, Optional.empty(), Optional.empty()));
    }

    private static String environment(RoutingContext call) {
        return Order.name(call.pathParam("environment"));
    }

    private static void send(RoutingContext call, Answer answer) {
        call.response().setStatusCode(answer.status());
        answer.tag().ifPresent(tag -> call.response().putHeader("etag", tag));
        answer.body()
                .ifPresentOrElse(
                        body -> call.response()
                                .putHeader("content-type", "application/json")
                                .end(body.toBuffer()),
                        () -> call.response().end());
    }

    private static void send(RoutingContext call, Throwable failure) {
        Problem problem = failure instanceof Problem known ? known : new Problem(500, "internal", failure.toString());
        call.response()
                .setStatusCode(problem.status())
                .putHeader("content-type", "application/problem+json")
                .end(problem.body().toBuffer());
    }
}
