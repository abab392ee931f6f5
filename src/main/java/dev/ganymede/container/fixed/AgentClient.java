package dev.ganymede.container.fixed;

import dev.ganymede.container.ContainerRuntimeException;
import dev.ganymede.flow.CallersContext;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.core.http.HttpClient;
import io.vertx.mutiny.core.http.HttpClientRequest;
import io.vertx.mutiny.core.http.HttpClientResponse;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * HTTP to the agent: each call once, in bounded time, with an answer of bounded size. Whatever prevents an answer is a {@link ContainerRuntimeException}; the token goes
 * into a header and nowhere else.
 */
final class AgentClient {

    // a container takes some 300 bytes of a listing
    private static final int MAX_BODY_BYTES = 16 * 1024 * 1024;

    private final HttpClient http;
    private final FixedConfig config;
    private final URI agent;
    private final String root;

    AgentClient(Vertx vertx, FixedConfig config, String environment) {
        this.config = config;
        this.agent = config.agent()
                .filter(uri -> "http".equals(uri.getScheme()) && uri.getHost() != null && uri.getPort() > 0)
                .orElseThrow(() -> new IllegalStateException(
                        "ganymede.static.agent must be http://host:port where ganymede.runtime is static"));
        this.root = "/environments/" + environment;
        this.http = vertx.createHttpClient(
                new HttpClientOptions()
                        .setConnectTimeout(
                                Math.toIntExact(config.connectTimeout().toMillis())),
                new PoolOptions().setHttp1MaxSize(config.calls()));
    }

    Uni<AgentAnswer> call(AgentCall call) {
        Duration timeout = config.callTimeout().plus(call.extra());
        Uni<AgentAnswer> answer = http.request(options(call))
                .chain(request -> sent(request, call.body()))
                .ifNoItem()
                .after(timeout)
                .failWith(() -> failure(call, " within " + timeout.toMillis() + " ms", null))
                .onFailure(failure -> !(failure instanceof ContainerRuntimeException))
                .transform(cause -> failure(call, "", cause));
        return CallersContext.resume(answer);
    }

    private RequestOptions options(AgentCall call) {
        RequestOptions options = new RequestOptions()
                .setMethod(call.method())
                .setHost(agent.getHost())
                .setPort(agent.getPort())
                .setURI(root + call.path());
        call.body().ifPresent(body -> options.putHeader("content-type", "application/json"));
        call.knownTag().ifPresent(tag -> options.putHeader("if-none-match", tag));
        config.token().ifPresent(token -> options.putHeader("authorization", "Bearer " + token));
        return options;
    }

    /** Who stops waiting closes the connection, so that nothing old is ever read as the next answer. */
    private static Uni<AgentAnswer> sent(HttpClientRequest request, Optional<JsonObject> body) {
        Uni<HttpClientResponse> response =
                body.map(json -> request.send(json.encode())).orElseGet(request::send);
        return response.chain(AgentClient::answer)
                .onFailure()
                .invoke(() -> request.reset())
                .onCancellation()
                .invoke(() -> request.reset());
    }

    private static Uni<AgentAnswer> answer(HttpClientResponse response) {
        Optional<String> tag = Optional.ofNullable(response.getHeader("etag"));
        return response.toMulti()
                .collect()
                .in(Buffer::buffer, (body, part) -> append(body, part.getDelegate()))
                .map(body -> new AgentAnswer(response.statusCode(), tag, body));
    }

    private static void append(Buffer body, Buffer part) {
        if (body.length() + part.length() > MAX_BODY_BYTES) {
            throw new ContainerRuntimeException("the agent answered more than " + MAX_BODY_BYTES + " bytes", null);
        }
        body.appendBuffer(part);
    }

    private ContainerRuntimeException failure(AgentCall call, String more, Throwable cause) {
        return new ContainerRuntimeException(
                "could not " + call.what() + more + ": the agent at " + agent + " gave no answer", cause);
    }

    void close() {
        http.closeAndForget();
    }
}
