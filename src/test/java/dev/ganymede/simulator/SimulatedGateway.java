package dev.ganymede.simulator;

import dev.ganymede.simulator.GanymedeClient.Reply;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Plays the program of docker-images/gateway (its README has the paths): ready, handshake, health, pings, and the farewell at SIGTERM. It has no rooms and nothing to
 * save. On one event loop only.
 */
final class SimulatedGateway implements Program {

    private static final int MAX_BODY_BYTES = 64 * 1024;
    private static final int BACKLOG = 64;
    private static final long FIRST_PAUSE_MILLIS = 250;
    private static final long LONGEST_PAUSE_MILLIS = 10_000;

    private final Vertx vertx;
    private final String address;
    private final GanymedeClient ganymede;
    private final Map<String, String> variables;
    private final int port;
    private final Runnable ended;
    private HttpServer server;
    private Tenancy tenancy;
    private String state = "starting";
    private long pingTimer = -1;

    SimulatedGateway(Vertx vertx, String address, GanymedeClient ganymede, Order order, Runnable ended) {
        this.vertx = vertx;
        this.address = address;
        this.ganymede = ganymede;
        this.variables = order.variables();
        this.port = order.httpPort();
        this.ended = ended;
    }

    @Override
    public Future<Void> start() {
        server = vertx.createHttpServer(new HttpServerOptions()
                        .setHost(address)
                        .setPort(port)
                        .setAcceptBacklog(BACKLOG)
                        .setMaxFormAttributeSize(MAX_BODY_BYTES))
                .requestHandler(this::answer);
        return server.listen().<Void>mapEmpty().onSuccess(listening -> callReady(FIRST_PAUSE_MILLIS));
    }

    /** Until Ganymede has heard it, or nobody is there to say so. */
    private void callReady(long pauseMillis) {
        call("/gateway/ready", variables.get("GATEWAY_BOOT_TOKEN"), new JsonObject())
                .onComplete(reply -> {
                    if (!state.equals("starting")) {
                        return;
                    }
                    if (reply.succeeded() && reply.result().status() == 200) {
                        state = "ready";
                    } else {
                        vertx.setTimer(
                                spread(pauseMillis),
                                again -> callReady(Math.min(LONGEST_PAUSE_MILLIS, pauseMillis * 2)));
                    }
                });
    }

    private void answer(HttpServerRequest request) {
        if (isStale(request)) {
            problem(request, 503, "not-serving");
        } else if (request.path().equals("/health")) {
            send(request, 200, health());
        } else if (request.path().equals("/collab/start")) {
            request.body().onSuccess(body -> handOver(request, body)).onFailure(gone -> request.connection()
                    .close());
        } else {
            problem(request, 404, "not-found");
        }
    }

    /** A visitor of somebody who is not served here, or not any more. */
    private boolean isStale(HttpServerRequest request) {
        String organization = request.getHeader("x-ganymede-organization");
        String generation = request.getHeader("x-ganymede-generation");
        return organization != null
                && (tenancy == null
                        || !organization.equals(tenancy.organization())
                        || !Long.toString(tenancy.generation()).equals(generation));
    }

    private JsonObject health() {
        JsonObject health = new JsonObject()
                .put("state", state)
                .put("gateway_id", variables.get("GATEWAY_ID"))
                .put("gateway_name", variables.get("GATEWAY_NAME"))
                .put("organization_id", tenancy == null ? null : tenancy.organization())
                .put("generation", tenancy == null ? null : tenancy.generation());
        return health.put("connections", 0).put("rooms", 0).put("dirty", false).putNull("saving");
    }

    private void handOver(HttpServerRequest request, Buffer body) {
        String token = handshakeToken(body);
        if (token == null) {
            problem(request, 400, "invalid-request");
        } else if (!state.equals("ready") && !state.equals("starting")) {
            problem(request, 409, "not-free");
        } else {
            redeem(token)
                    .onSuccess(loaded -> send(
                            request,
                            200,
                            loaded.ids().put("generation", loaded.generation()).put("rooms", loaded.projects())))
                    .onFailure(failure -> problem(request, 502, failure.getMessage()));
        }
    }

    private static String handshakeToken(Buffer body) {
        try {
            return body.length() > MAX_BODY_BYTES ? null : new JsonObject(body).getString("tmp_handshake_token");
        } catch (DecodeException | ClassCastException nonsense) {
            return null;
        }
    }

    private Future<Tenancy> redeem(String handshakeToken) {
        JsonObject question = new JsonObject().put("tmp_handshake_token", handshakeToken);
        return call("/gateway/config", variables.get("GATEWAY_BOOT_TOKEN"), question)
                .compose(reply -> reply.status() == 200
                        ? Future.succeededFuture(Tenancy.read(reply.body()))
                        : Future.failedFuture("handshake-failed"))
                .compose(redeemed -> call("/gateway/data/pull", redeemed.token(), redeemed.ids())
                        .compose(reply -> reply.status() == 200
                                ? Future.succeededFuture(redeemed)
                                : Future.failedFuture("pull-failed")))
                .onSuccess(this::serve);
    }

    private void serve(Tenancy loaded) {
        tenancy = loaded;
        state = "serving";
        long seconds = Long.parseLong(variables.getOrDefault("GATEWAY_PING_SECONDS", "60"));
        pingTimer = vertx.setPeriodic(spread(seconds * 1000), seconds * 1000, due -> ping());
    }

    private void ping() {
        call("/gateway/ping", tenancy.token(), new JsonObject().put("connections", 0))
                .onSuccess(reply -> {
                    boolean over = reply.status() == 401
                            || reply.status() == 403
                            || reply.status() == 409
                            || reply.status() == 410;
                    if (over && state.equals("serving")) {
                        exit();
                    }
                });
    }

    @Override
    public Future<Void> terminate() {
        Future<?> farewell = state.equals("serving")
                ? call("/gateway/stop", tenancy.token(), tenancy.ids().put("reason", "terminated"))
                : Future.succeededFuture();
        state = "stopping";
        return farewell.transform(said -> kill());
    }

    @Override
    public Future<Void> kill() {
        state = "ended";
        vertx.cancelTimer(pingTimer);
        return server.close();
    }

    private void exit() {
        kill().onComplete(closed -> ended.run());
    }

    private Future<Reply> call(String path, String token, JsonObject body) {
        return ganymede.call(variables, path, token, body);
    }

    /** A little sooner, so that thousands do not call at once. */
    private static long spread(long millis) {
        return ThreadLocalRandom.current().nextLong(millis / 2, millis + 1);
    }

    private static void problem(HttpServerRequest request, int status, String word) {
        send(request, status, new JsonObject().put("type", "https://ganymede.dev/problems/" + word));
    }

    private static void send(HttpServerRequest request, int status, JsonObject body) {
        request.response()
                .setStatusCode(status)
                .putHeader("content-type", "application/json")
                .end(body.toBuffer());
    }
}
