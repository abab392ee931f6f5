package dev.ganymede.edge.nginx;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.dns.AddressResolverOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A browser that believes the local authority only, checks host names, and needs no DNS. */
final class Visitor {

    record Answer(int status, MultiMap headers, String body) {

        JsonObject json() {
            return new JsonObject(body);
        }
    }

    private final EdgeSettings settings;
    private final HttpClient fresh;
    private final HttpClient keeping;
    private final HttpClient http2;
    private final String rootPem;

    Visitor(Vertx vertx, EdgeSettings settings, String rootPem) {
        this.settings = settings;
        this.fresh = vertx.createHttpClient(options(rootPem).setKeepAlive(false));
        this.keeping = vertx.createHttpClient(options(rootPem).setMaxPoolSize(1));
        this.rootPem = rootPem;
        this.http2 = vertx.createHttpClient(
                options(rootPem).setProtocolVersion(HttpVersion.HTTP_2).setUseAlpn(true));
    }

    /** A GET over a new connection. */
    Answer get(String host, String uri) {
        return get(host, uri, MultiMap.caseInsensitiveMultiMap());
    }

    Answer get(String host, String uri, MultiMap headers) {
        return await(send(fresh, https(host, uri).setHeaders(headers)));
    }

    /** A POST over a new connection. */
    Answer post(String host, String uri, String body) {
        RequestOptions options = https(host, uri).setMethod(HttpMethod.POST);
        return await(fresh.request(options)
                .compose(request -> request.send(body))
                .compose(Visitor::answer)
                .toCompletionStage()
                .toCompletableFuture());
    }

    /** A GET over one connection that is kept. */
    Answer getKept(String host, String uri) {
        return await(send(keeping, https(host, uri)));
    }

    Answer getHttp2(String host, String uri) {
        return await(send(http2, https(host, uri)));
    }

    CompletableFuture<Answer> getLater(String host, String uri) {
        return send(fresh, https(host, uri));
    }

    Answer getPlain(String host, String uri) {
        return await(send(fresh, plain(host, uri)));
    }

    /** What a WebSocket answers to one message. Vert.x asks DNS for it, so the name is told to a Vert.x of its own. */
    String echo(String host, String uri, String message) {
        Vertx knowing = Vertx.vertx(new VertxOptions()
                .setAddressResolverOptions(
                        new AddressResolverOptions().setHostsValue(Buffer.buffer("127.0.0.1 " + host))));
        CompletableFuture<String> answer = new CompletableFuture<>();
        knowing.createWebSocketClient(new WebSocketClientOptions().setTrustOptions(trust(rootPem)))
                .connect(new WebSocketConnectOptions()
                        .setHost(host)
                        .setPort(settings.httpsPort())
                        .setURI(uri)
                        .setSsl(true))
                .onSuccess(socket -> {
                    socket.textMessageHandler(answer::complete);
                    socket.writeTextMessage(message);
                })
                .onFailure(answer::completeExceptionally);
        try {
            return await(answer);
        } finally {
            knowing.close();
        }
    }

    private static HttpClientOptions options(String rootPem) {
        return new HttpClientOptions().setTrustOptions(trust(rootPem));
    }

    private static PemTrustOptions trust(String rootPem) {
        return new PemTrustOptions().addCertValue(Buffer.buffer(rootPem));
    }

    private RequestOptions https(String host, String uri) {
        return new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setSsl(true)
                .setServer(SocketAddress.inetSocketAddress(settings.httpsPort(), "127.0.0.1"))
                .setHost(host)
                .setPort(settings.httpsPort())
                .setURI(uri);
    }

    private RequestOptions plain(String host, String uri) {
        return https(host, uri)
                .setSsl(false)
                .setPort(settings.httpPort())
                .setServer(SocketAddress.inetSocketAddress(settings.httpPort(), "127.0.0.1"));
    }

    private static CompletableFuture<Answer> send(HttpClient client, RequestOptions request) {
        return client.request(request)
                .compose(HttpClientRequest::send)
                .compose(Visitor::answer)
                .toCompletionStage()
                .toCompletableFuture();
    }

    private static Future<Answer> answer(HttpClientResponse response) {
        return response.body().map(body -> new Answer(response.statusCode(), response.headers(), body.toString()));
    }

    private static <T> T await(CompletableFuture<T> future) {
        return future.orTimeout(10, TimeUnit.SECONDS).join();
    }
}
