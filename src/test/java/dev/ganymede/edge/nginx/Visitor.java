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
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SocketAddress;
import java.net.Socket;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

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
        try (Conversation conversation = open(host, uri)) {
            return conversation.echo(message);
        }
    }

    private static Vertx knowing(String host) {
        return Vertx.vertx(new VertxOptions()
                .setAddressResolverOptions(
                        new AddressResolverOptions().setHostsValue(Buffer.buffer("127.0.0.1 " + host))));
    }

    private CompletableFuture<WebSocket> connect(Vertx knowing, String host, String uri) {
        WebSocketConnectOptions options = new WebSocketConnectOptions()
                .setHost(host)
                .setPort(settings.httpsPort())
                .setURI(uri)
                .setSsl(true);
        return knowing.createWebSocketClient(new WebSocketClientOptions().setTrustOptions(trust(rootPem)))
                .connect(options)
                .toCompletionStage()
                .toCompletableFuture();
    }

    /** A WebSocket that stays open. */
    final class Conversation implements AutoCloseable {

        private final Vertx knowing;
        private final WebSocket socket;
        private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

        private Conversation(Vertx knowing, WebSocket socket) {
            this.knowing = knowing;
            this.socket = socket;
            socket.textMessageHandler(answers::add);
        }

        String echo(String message) {
            socket.writeTextMessage(message);
            try {
                return answers.poll(10, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void close() {
            knowing.close();
        }
    }

    Conversation open(String host, String uri) {
        Vertx knowing = knowing(host);
        return new Conversation(knowing, await(connect(knowing, host, uri)));
    }

    /** The certificate that is shown for a name, whoever signed it. */
    X509Certificate certificate(String name) throws Exception {
        TrustManager trusting = new X509ExtendedTrustManager() {
            @Override
            public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

            @Override
            public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

            @Override
            public void checkClientTrusted(X509Certificate[] chain, String type) {}

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String type) {}

            @Override
            public X509Certificate[] getAcceptedIssuers() {
                return new X509Certificate[0];
            }
        };
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {trusting}, null);
        try (SSLSocket socket =
                (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", settings.httpsPort())) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(name)));
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
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
