package dev.ganymede.simulator;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SocketAddress;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Calls of gateways to Ganymede, all on the same connections. */
final class GanymedeClient {

    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+");
    private static final int CONNECTIONS = 64;
    private static final int MAX_WAITING = 40_000;
    private static final long TIMEOUT_MILLIS = 10_000;

    private final Vertx vertx;
    private final Optional<SocketAddress> address;
    private final Optional<String> url;
    private final Map<String, HttpClient> byAuthority = new HashMap<>();

    /** @param instead as in {@link Simulator.Settings}, in place of a name but not of an address; simulated gateways ask no DNS */
    GanymedeClient(Vertx vertx, Optional<URI> instead) {
        this.vertx = vertx;
        this.address = instead.filter(GanymedeClient::isAddress)
                .map(uri -> SocketAddress.inetSocketAddress(uri.getPort(), uri.getHost()));
        this.url = instead.filter(uri -> !isAddress(uri)).map(URI::toString);
    }

    private static boolean isAddress(URI uri) {
        return "tcp".equals(uri.getScheme());
    }

    /** An answer; its body is empty when it was none. */
    record Reply(int status, JsonObject body) {}

    /**
     * Made once more when its connection ends without an answer: an edge that is reloaded closes those that are kept, and a real gateway, which calls seldom, would have
     * none.
     */
    Future<Reply> call(Map<String, String> variables, String path, String token, JsonObject body) {
        return attempt(variables, path, token, body)
                .recover(failure -> failure instanceof HttpClosedException
                        ? attempt(variables, path, token, body)
                        : Future.failedFuture(failure));
    }

    private Future<Reply> attempt(Map<String, String> variables, String path, String token, JsonObject body) {
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setAbsoluteURI(url.orElseGet(() -> variables.get("GANYMEDE_URL")) + path)
                .setTimeout(TIMEOUT_MILLIS)
                .putHeader("authorization", "Bearer " + token)
                .putHeader("content-type", "application/json");
        address.filter(there -> !ADDRESS.matcher(options.getHost()).matches()).ifPresent(options::setServer);
        return client(variables.getOrDefault("GANYMEDE_CA_PEM", ""))
                .request(options)
                .compose(request -> request.send(body.toBuffer()))
                .compose(GanymedeClient::reply);
    }

    private static Future<Reply> reply(HttpClientResponse response) {
        return response.body().map(body -> new Reply(response.statusCode(), json(body)));
    }

    private static JsonObject json(Buffer body) {
        try {
            return body.length() == 0 ? new JsonObject() : new JsonObject(body);
        } catch (DecodeException | ClassCastException nonsense) {
            return new JsonObject();
        }
    }

    private HttpClient client(String authorityPem) {
        return byAuthority.computeIfAbsent(authorityPem, pem -> {
            HttpClientOptions options =
                    new HttpClientOptions().setMaxPoolSize(CONNECTIONS).setMaxWaitQueueSize(MAX_WAITING);
            if (!pem.isEmpty()) {
                options.setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(pem)));
            }
            return vertx.createHttpClient(options);
        });
    }
}
