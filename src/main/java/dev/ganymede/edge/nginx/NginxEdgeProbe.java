package dev.ganymede.edge.nginx;

import dev.ganymede.certificate.CertificateIssuer;
import dev.ganymede.edge.EdgeException;
import dev.ganymede.edge.EdgeProbe;
import dev.ganymede.flow.Guarded;
import dev.ganymede.id.OrganizationId;
import dev.ganymede.io.BlockingWork;
import io.smallrye.faulttolerance.api.Guard;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Connects to the edge's own address, so it needs no DNS, and otherwise does what a visitor does: the public name in the handshake and in the request,
 * the certificate verified against the authorities. A new connection each time: a kept one could still belong to an older configuration.
 */
final class NginxEdgeProbe implements EdgeProbe {

    private static final int MAX_BODY_BYTES = 64 * 1024;
    private static final int MAX_CONNECTIONS = 64;
    private static final int MAX_WAITING = 1000;

    private final EdgeSettings settings;
    private final CertificateIssuer issuer;
    private final Vertx vertx;
    // no breaker: what does not answer is one gateway, or the edge, which has its own
    private final Guard guard = Guard.create()
            .withDescription("edge-probe")
            .withBulkhead()
            .limit(MAX_CONNECTIONS)
            .queueSize(MAX_WAITING)
            .done()
            .build();
    /** Made when the authority's certificate is there; not before, and not remembered as a failure. */
    private volatile HttpClient client;

    NginxEdgeProbe(EdgeSettings settings, CertificateIssuer issuer, Vertx vertx) {
        this.settings = settings;
        this.issuer = issuer;
        this.vertx = vertx;
    }

    @Override
    public Uni<Answer> probe(OrganizationId organization, Duration timeout) {
        String name = settings.domain().organization(organization);
        Uni<Answer> answer = client().chain(http -> Guarded.call(guard, () -> ask(http, name, timeout)))
                .ifNoItem()
                .after(timeout)
                .fail()
                .onFailure(failure -> !(failure instanceof EdgeException))
                .transform(failure -> new EdgeException("no answer from " + name + " through the edge", failure));
        return BlockingWork.onCallerContext(answer);
    }

    private Uni<HttpClient> client() {
        return client != null
                ? Uni.createFrom().item(client)
                : issuer.trustedPem().map(this::makeClient);
    }

    private synchronized HttpClient makeClient(String trustedPem) {
        if (client == null) {
            client = vertx.createHttpClient(trusting(trustedPem));
        }
        return client;
    }

    private static HttpClientOptions trusting(String trustedPem) {
        return new HttpClientOptions()
                .setSsl(true)
                .setKeepAlive(false)
                .setMaxPoolSize(MAX_CONNECTIONS)
                .setMaxWaitQueueSize(MAX_WAITING)
                .setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(trustedPem)));
    }

    private Uni<Answer> ask(HttpClient http, String name, Duration timeout) {
        RequestOptions request = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setServer(SocketAddress.inetSocketAddress(settings.httpsPort(), settings.reachableAddress()))
                .setHost(name)
                .setPort(settings.httpsPort())
                .setURI("/health")
                .putHeader("Accept", "application/json")
                .setTimeout(timeout.toMillis());
        return Uni.createFrom().completionStage(() -> http.request(request)
                .compose(HttpClientRequest::send)
                .compose(response -> bounded(response, name))
                .toCompletionStage());
    }

    private static Future<Answer> bounded(HttpClientResponse response, String name) {
        Buffer body = Buffer.buffer();
        Promise<Answer> answer = Promise.promise();
        response.exceptionHandler(answer::tryFail);
        response.handler(part -> {
            body.appendBuffer(part);
            if (body.length() > MAX_BODY_BYTES) {
                answer.tryFail(new EdgeException(name + " answered more than " + MAX_BODY_BYTES + " bytes"));
                response.request().reset();
            }
        });
        response.endHandler(
                end -> answer.tryComplete(new Answer(response.statusCode(), body.toString(StandardCharsets.UTF_8))));
        return answer.future();
    }
}
