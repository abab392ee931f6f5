package dev.ganymede.edge.nginx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ganymede.certificate.TestCertificates;
import dev.ganymede.edge.EdgeException;
import dev.ganymede.edge.EdgeProbe;
import dev.ganymede.edge.Route;
import dev.ganymede.id.Endpoint;
import dev.ganymede.id.Generation;
import dev.ganymede.id.OrganizationId;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The proof of a start, through a real edge. */
class NginxEdgeProbeIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration TIMEOUT = Duration.ofSeconds(15);

    @TempDir
    Path root;

    private final OrganizationId organization = new OrganizationId(UUID.randomUUID());
    private Vertx vertx;
    private LocalEdge local;
    private EdgeProbe probe;

    @BeforeEach
    void start() throws Exception {
        vertx = Vertx.vertx();
        local = new LocalEdge(root, new Gateway(vertx).endpoint());
        local.routes().ensure().await().atMost(PATIENCE);
        local.start();
        probe = new NginxEdgeProbe(local.settings, local.certificates.issuer(), vertx);
    }

    @AfterEach
    void stop() {
        local.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void reachesTheGatewayByThePublicName() {
        Gateway gateway = new Gateway(vertx);
        publish(gateway.endpoint());
        JsonObject seen = new JsonObject(ask().body());
        assertThat(seen.getString("uri")).isEqualTo("/health");
        assertThat(seen.getJsonObject("headers").getString("host"))
                .isEqualTo(LocalEdge.DOMAIN.organization(organization));
    }

    @Test
    void tellsWhatTheEdgeAnswersForAnOrganizationWithoutRoute() {
        EdgeProbe.Answer answer = ask();
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.body()).contains("organization-not-served");
    }

    @Test
    void anotherAuthoritysCertificateIsNoProof() {
        EdgeProbe distrusting =
                new NginxEdgeProbe(local.settings, new TestCertificates(root.resolve("others")).issuer(), vertx);
        assertThatThrownBy(
                        () -> distrusting.probe(organization, TIMEOUT).await().atMost(PATIENCE))
                .isInstanceOf(EdgeException.class);
    }

    @Test
    void aGatewayThatNeverAnswersFailsInTime() {
        publish(serve(vertx.createHttpServer().requestHandler(request -> {})));
        assertThatThrownBy(() -> probe.probe(organization, Duration.ofMillis(300))
                        .await()
                        .atMost(PATIENCE))
                .isInstanceOf(EdgeException.class);
    }

    @Test
    void aBodyWithoutEndIsCutOff() {
        publish(serve(vertx.createHttpServer()
                .requestHandler(request -> request.response().end("x".repeat(70_000)))));
        assertThatThrownBy(this::ask).isInstanceOf(EdgeException.class).hasMessageContaining("more than 65536 bytes");
    }

    @Test
    void anEdgeThatDoesNotRunFailsAndLaterWorks() {
        local.kill();
        assertThatThrownBy(this::ask).isInstanceOf(EdgeException.class);
        local.routes().ensure().await().atMost(PATIENCE);
        local.start();
        assertThat(ask().status()).isEqualTo(503);
    }

    /** A reactive session of the caller may be used in what follows. */
    @Test
    void answersOnTheContextOfTheCaller() throws Exception {
        Context context = vertx.getOrCreateContext();
        CompletableFuture<Boolean> same = new CompletableFuture<>();
        context.runOnContext(ignored -> probe.probe(organization, TIMEOUT)
                .subscribe()
                .with(answer -> same.complete(Vertx.currentContext() == context), same::completeExceptionally));
        assertThat(same.get(20, TimeUnit.SECONDS)).isTrue();
    }

    private EdgeProbe.Answer ask() {
        return probe.probe(organization, TIMEOUT).await().atMost(PATIENCE);
    }

    private void publish(Endpoint gateway) {
        local.routes()
                .publish(new Route(organization, gateway, new Generation(1)))
                .await()
                .atMost(PATIENCE);
    }

    private static Endpoint serve(HttpServer server) {
        HttpServer listening = server.listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        return new Endpoint("127.0.0.1", listening.actualPort());
    }
}
