package dev.ganymede.collab.http;

import dev.ganymede.collab.GatewayProcess.HealthAnswer;
import dev.ganymede.flow.Guarded;
import dev.ganymede.id.Endpoint;
import dev.ganymede.id.Generation;
import dev.ganymede.id.OrganizationId;
import io.smallrye.faulttolerance.api.Guard;
import io.smallrye.mutiny.TimeoutException;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
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
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.faulttolerance.exceptions.BulkheadException;

/**
 * Asks gateways how they are, every few seconds and many of them: on connections that stay open for a while, and so many at once.
 *
 * <p>A probe's time begins with the probe: one that waits for its turn isn't a gateway that is slow.
 */
final class HealthProbe {

    private static final int MAX_BODY_BYTES = 64 * 1024;
    private static final Set<String> STATES = Set.of("starting", "ready", "serving", "stopping");
    private static final int CONNECTIONS_PER_GATEWAY = 1;
    // a connection is used by the next probe, or not at all
    private static final int IDLE_SECONDS = 15;

    private final HttpClient client;
    private final Guard guard;

    HealthProbe(Vertx vertx, CollabConfig config) {
        this.client = vertx.createHttpClient(
                new HttpClientOptions().setKeepAlive(true).setKeepAliveTimeout(IDLE_SECONDS),
                new PoolOptions().setHttp1MaxSize(CONNECTIONS_PER_GATEWAY));
        this.guard = Guard.create()
                .withDescription("gateway-health")
                .withBulkhead()
                .limit(config.probes())
                .queueSize(config.probesWaiting())
                .done()
                .build();
    }

    Uni<HealthAnswer> of(Endpoint gateway, Duration timeout) {
        return Guarded.call(guard, () -> ask(gateway, timeout))
                .onFailure()
                .recoverWithItem(failure -> new HealthAnswer.Missed(reason(failure, timeout)));
    }

    private Uni<HealthAnswer> ask(Endpoint gateway, Duration timeout) {
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setHost(gateway.host())
                .setPort(gateway.port())
                .setURI("/health")
                .setConnectTimeout(timeout.toMillis());
        return client.request(options)
                .chain(request -> sent(request))
                .ifNoItem()
                .after(timeout)
                .fail();
    }

    /** Who stops waiting closes the connection, so that nothing old is ever read as the next answer. */
    private static Uni<HealthAnswer> sent(HttpClientRequest request) {
        return request.send()
                .chain(HealthProbe::answer)
                .onFailure()
                .invoke(() -> request.reset())
                .onCancellation()
                .invoke(() -> request.reset());
    }

    private static Uni<HealthAnswer> answer(HttpClientResponse response) {
        if (response.statusCode() != 200) {
            throw new NonsenseException("answered " + response.statusCode());
        }
        return response.toMulti()
                .collect()
                .in(Buffer::buffer, (body, part) -> append(body, part.getDelegate()))
                .map(HealthProbe::parse);
    }

    private static void append(Buffer body, Buffer part) {
        if (body.length() + part.length() > MAX_BODY_BYTES) {
            throw new NonsenseException("answered more than " + MAX_BODY_BYTES + " bytes");
        }
        body.appendBuffer(part);
    }

    private static HealthAnswer parse(Buffer body) {
        try {
            JsonObject health = new JsonObject(body);
            String state = health.getString("state");
            if (state == null || !STATES.contains(state)) {
                throw new NonsenseException("did not say its state");
            }
            return new HealthAnswer.Healthy(
                    state,
                    Optional.ofNullable(health.getString("organization_id")).map(OrganizationId::parse),
                    Optional.ofNullable(health.getLong("generation")).map(Generation::new),
                    health.getInteger("connections", 0));
        } catch (DecodeException | ClassCastException | IllegalArgumentException nonsense) {
            throw new NonsenseException("answered nonsense");
        }
    }

    private static String reason(Throwable failure, Duration timeout) {
        if (failure instanceof NonsenseException) {
            return "/health " + failure.getMessage();
        }
        if (failure instanceof BulkheadException) {
            return "/health was not asked: too many probes are waiting";
        }
        boolean late = failure instanceof TimeoutException || failure instanceof java.util.concurrent.TimeoutException;
        return late
                ? "/health gave no answer within " + timeout.toMillis() + " ms"
                : "/health could not be asked: " + failure.getClass().getSimpleName();
    }

    /** It answered, but not what a gateway says. */
    private static final class NonsenseException extends RuntimeException {
        NonsenseException(String what) {
            super(what, null, false, false);
        }
    }
}
