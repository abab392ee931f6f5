package dev.ganymede.dns.powerdns;

import dev.ganymede.dns.DnsException;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.WebClientOptions;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.ext.web.client.HttpRequest;
import io.vertx.mutiny.ext.web.client.HttpResponse;
import io.vertx.mutiny.ext.web.client.WebClient;
import java.net.ConnectException;
import java.util.List;
import java.util.Optional;

/**
 * The four calls of PowerDNS' API that are needed. Each ends within the configured time; a refusal is a {@link PowerDnsRefusal}, everything else that goes
 * wrong a {@link DnsException}. The API key goes into a header and nowhere else.
 */
final class PowerDnsClient {

    /** A reason may begin with a name of 254 characters. */
    private static final int MAX_REASON_LENGTH = 400;

    private final WebClient http;
    private final PowerDnsConfig config;
    private final String server;
    private final PowerDnsGuard guard;

    PowerDnsClient(Vertx vertx, PowerDnsConfig config) {
        this.config = config;
        this.guard = new PowerDnsGuard(config.timeout());
        this.server = config.powerdns().url().toString().replaceAll("/+$", "") + "/api/v1/servers/localhost";
        this.http = WebClient.create(
                vertx,
                new WebClientOptions()
                        .setUserAgent("ganymede")
                        .setFollowRedirects(false)
                        // PowerDNS closes after each answer anyway
                        .setKeepAlive(false)
                        .setMaxPoolSize(8)
                        .setMaxWaitQueueSize(64)
                        .setConnectTimeout(timeoutMs()));
    }

    /** False while PowerDNS is not asked, because it kept failing. */
    boolean available() {
        return !guard.isOpen();
    }

    /** Asked whatever happened before: whoever wants to know whether it lives is told the truth. */
    Uni<Void> ping() {
        return call(HttpMethod.GET, "", null).replaceWithVoid();
    }

    /** All records of the zone; empty when there is no such zone. */
    Uni<Optional<List<RrSet>>> read(String zone) {
        return guard.repeated(() -> call(HttpMethod.GET, "/zones/" + zone, null))
                .map(PowerDnsClient::rrsets)
                .map(Optional::of)
                .onFailure(failure -> failure instanceof PowerDnsRefusal refusal && refusal.isMissing())
                .recoverWithItem(Optional.empty());
    }

    Uni<Void> create(JsonObject zone) {
        return guard.once(() -> call(HttpMethod.POST, "/zones?rrsets=false", zone))
                .replaceWithVoid();
    }

    /**
     * Applies all changes in one transaction of the server, or none; each replaces or deletes, so twice is the same as once.
     *
     * @param lost told of every attempt that the server may have read and gave no answer to, be the next one a success: it may still be made
     */
    Uni<Void> patch(String zone, List<JsonObject> changes, Runnable lost) {
        JsonObject body = new JsonObject().put("rrsets", new JsonArray(changes));
        return guard.repeated(() -> call(HttpMethod.PATCH, "/zones/" + zone, body)
                        .onFailure(PowerDnsClient::isLost)
                        .invoke(lost))
                .replaceWithVoid();
    }

    private static boolean isLost(Throwable failure) {
        return failure instanceof DnsException && !(failure.getCause() instanceof ConnectException);
    }

    private Uni<HttpResponse<Buffer>> call(HttpMethod method, String path, JsonObject body) {
        HttpRequest<Buffer> request = http.requestAbs(method, server + path)
                .putHeader("X-API-Key", apiKey())
                .timeout(timeoutMs());
        Uni<HttpResponse<Buffer>> answer = body == null ? request.send() : request.sendJsonObject(body);
        return answer.ifNoItem()
                .after(config.timeout())
                .fail()
                .onFailure()
                .transform(cause -> new DnsException("PowerDNS can't be reached at " + server, cause))
                .onItem()
                .invoke(PowerDnsClient::refuse);
    }

    private static void refuse(HttpResponse<Buffer> response) {
        if (response.statusCode() < 200 || response.statusCode() > 299) {
            throw new PowerDnsRefusal(response.statusCode(), reason(response));
        }
    }

    /** PowerDNS explains itself as {@code {"error": "…"}}. */
    private static String reason(HttpResponse<Buffer> response) {
        String text = response.bodyAsString() == null ? "" : response.bodyAsString();
        try {
            text = new JsonObject(text).getString("error", text);
        } catch (DecodeException | ClassCastException notJson) {
            // its web server's own errors are plain text
        }
        String line = text.replaceAll("\\s+", " ").strip();
        return line.length() <= MAX_REASON_LENGTH ? line : line.substring(0, MAX_REASON_LENGTH) + "…";
    }

    private static List<RrSet> rrsets(HttpResponse<Buffer> response) {
        try {
            return response.bodyAsJsonObject().getJsonArray("rrsets").stream()
                    .map(JsonObject.class::cast)
                    .map(RrSet::read)
                    .toList();
        } catch (DecodeException | ClassCastException | NullPointerException nonsense) {
            throw new DnsException("PowerDNS' answer could not be read", nonsense);
        }
    }

    private String apiKey() {
        return config.powerdns().apiKey().orElse("");
    }

    private int timeoutMs() {
        return Math.toIntExact(config.timeout().toMillis());
    }
}
