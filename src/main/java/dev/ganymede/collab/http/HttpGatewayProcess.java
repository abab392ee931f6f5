package dev.ganymede.collab.http;

import dev.ganymede.collab.GatewayProcess;
import dev.ganymede.flow.Guarded;
import dev.ganymede.id.Endpoint;
import dev.ganymede.secret.Secret;
import io.smallrye.faulttolerance.api.Guard;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.core.http.HttpClient;
import io.vertx.mutiny.core.http.HttpClientRequest;
import io.vertx.mutiny.core.http.HttpClientResponse;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.eclipse.microprofile.faulttolerance.exceptions.BulkheadException;

/** Calls gateways on the addresses of their nodes; plain HTTP, since TLS ends at the edge and this never leaves the nodes' network. */
@ApplicationScoped
class HttpGatewayProcess implements GatewayProcess {

    private static final int MAX_CONNECTIONS_PER_GATEWAY = 2;
    private static final int CONNECT_TIMEOUT_MILLIS = 2_000;
    // up to 9,999 bytes
    private static final int MAX_PROBLEM_LENGTH_DIGITS = 4;

    private final HttpClient client;
    private final HealthProbe probe;
    private final Guard guard;

    HttpGatewayProcess(Vertx vertx, CollabConfig config) {
        this.client = vertx.createHttpClient(
                // a gateway is called once in its life: nothing is kept open
                new HttpClientOptions().setKeepAlive(false),
                new PoolOptions().setHttp1MaxSize(MAX_CONNECTIONS_PER_GATEWAY));
        this.probe = new HealthProbe(vertx, config);
        // no breaker, since each gateway is another thing; no retry, since the token works once
        this.guard = Guard.create()
                .withDescription("gateway-start")
                .withBulkhead()
                .limit(config.starts())
                .queueSize(config.starts())
                .done()
                .build();
    }

    @Override
    public Uni<StartAnswer> start(Endpoint gateway, Secret handshakeToken, Duration timeout) {
        RequestOptions request = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setHost(gateway.host())
                .setPort(gateway.port())
                .setURI("/collab/start")
                .setConnectTimeout(Math.min(timeout.toMillis(), CONNECT_TIMEOUT_MILLIS))
                .putHeader("content-type", "application/json");
        String body = new JsonObject()
                .put("tmp_handshake_token", handshakeToken.value())
                .encode();
        return Guarded.call(guard, () -> client.request(request).chain(started -> sent(started, body)))
                .ifNoItem()
                .after(timeout)
                .fail()
                .onFailure()
                .recoverWithItem(failure -> new StartAnswer.Failed(reason(failure, timeout)));
    }

    @Override
    public Uni<HealthAnswer> health(Endpoint gateway, Duration timeout) {
        return probe.of(gateway, timeout);
    }

    /** Who stops waiting closes the connection: a gateway that hangs is left none. */
    private static Uni<StartAnswer> sent(HttpClientRequest request, String body) {
        return request.send(body)
                .chain(HttpGatewayProcess::answer)
                .onFailure()
                .invoke(() -> request.reset())
                .onCancellation()
                .invoke(() -> request.reset());
    }

    private static Uni<StartAnswer> answer(HttpClientResponse response) {
        if (response.statusCode() == 200) {
            // the body is not read: the proof is a request through the edge, not what the gateway says of itself
            return Uni.createFrom().item(new StartAnswer.Loaded());
        }
        String length = response.getHeader("content-length");
        boolean isShort = length != null && length.length() <= MAX_PROBLEM_LENGTH_DIGITS;
        StartAnswer failed = new StartAnswer.Failed("/collab/start answered " + response.statusCode());
        return isShort
                ? response.body().map(body -> isUnloadable(body.toString()) ? new StartAnswer.Unloadable() : failed)
                : Uni.createFrom().item(failed);
    }

    private static boolean isUnloadable(String problem) {
        try {
            return new JsonObject(problem).getString("type", "").endsWith("/corrupt-snapshot");
        } catch (DecodeException | ClassCastException noProblem) {
            return false;
        }
    }

    private static String reason(Throwable failure, Duration timeout) {
        if (failure instanceof io.smallrye.mutiny.TimeoutException || failure instanceof TimeoutException) {
            return "/collab/start gave no answer within " + timeout.toMillis() + " ms";
        }
        if (failure instanceof BulkheadException) {
            return "/collab/start was not called: too many starts are under way";
        }
        return "/collab/start could not be called: " + failure.getClass().getSimpleName();
    }
}
