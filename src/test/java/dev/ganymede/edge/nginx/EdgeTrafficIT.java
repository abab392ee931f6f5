package dev.ganymede.edge.nginx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ganymede.edge.Route;
import dev.ganymede.id.Generation;
import dev.ganymede.id.OrganizationId;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.UUID;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What visitors and gateways see of a configuration that stands: TLS, headers, WebSockets, logs. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EdgeTrafficIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final OrganizationId SERVED = new OrganizationId(UUID.randomUUID());
    private static final String HOST = LocalEdge.DOMAIN.organization(SERVED);
    private static final String ASLEEP = LocalEdge.DOMAIN.organization(new OrganizationId(UUID.randomUUID()));

    private Path root;

    private Vertx vertx;
    private Gateway gateway;
    private Gateway ganymede;
    private LocalEdge local;
    private Visitor visitor;

    EdgeMode mode() {
        return EdgeMode.RELOAD;
    }

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        root = directory;
        vertx = Vertx.vertx();
        gateway = new Gateway(vertx);
        ganymede = new Gateway(vertx);
        local = new LocalEdge(mode(), root, ganymede.endpoint());
        Files.writeString(root.resolve("frontend/index.html"), "<h1>frontend</h1>");
        Files.writeString(root.resolve("frontend/.env"), "SECRET=1");
        local.routes().ensure().await().atMost(PATIENCE);
        local.start();
        local.routes()
                .publish(new Route(SERVED, gateway.endpoint(), new Generation(17)))
                .await()
                .atMost(PATIENCE);
        visitor = new Visitor(vertx, local.settings, local.certificates.rootPem());
    }

    @AfterAll
    void stop() {
        local.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void webSocketsPass() {
        assertThat(visitor.echo(HOST, "/collab?access_token=t", "hello")).isEqualTo("echo hello");
    }

    @Test
    void namesOfUserContainersHaveACertificateThatCoversThem() {
        Visitor.Answer answer = visitor.get("uc-" + UUID.randomUUID() + "." + HOST, "/");
        assertThat(answer.json().getString("gateway"))
                .isEqualTo(gateway.endpoint().authority());
        assertThat(visitor.echo("uc-1." + HOST, "/", "hello")).isEqualTo("echo hello");
    }

    @Test
    void http2IsSpoken() {
        assertThat(visitor.getHttp2(HOST, "/").status()).isEqualTo(200);
    }

    @Test
    void connectionsToTheGatewayAreKept() {
        visitor.get(HOST, "/");
        int before = gateway.connections();
        for (int i = 0; i < 20; i++) {
            visitor.getKept(HOST, "/");
        }
        // one for each of the edge's workers at most, rather than one for each request
        assertThat(gateway.connections() - before)
                .isLessThanOrEqualTo(Runtime.getRuntime().availableProcessors());
    }

    @Test
    void whatTheClientClaimsAboutItselfIsDropped() {
        MultiMap spoofed = MultiMap.caseInsensitiveMultiMap()
                .add("X-Forwarded-For", "8.8.8.8")
                .add("X-Forwarded-Proto", "http")
                .add("X-Forwarded-Host", "evil.example")
                .add("X-Forwarded-Prefix", "/admin")
                .add("X-Real-IP", "8.8.8.8")
                .add("X-Ganymede-Organization", "another")
                .add("X-Ganymede-Generation", "99")
                .add("Forwarded", "for=8.8.8.8")
                .add("Proxy", "http://evil.example");
        JsonObject seen = visitor.get(HOST, "/", spoofed).json().getJsonObject("headers");
        assertThat(seen.getMap())
                .containsEntry("host", HOST)
                .containsEntry("x-forwarded-for", "127.0.0.1")
                .containsEntry("x-real-ip", "127.0.0.1")
                .containsEntry("x-forwarded-proto", "https")
                .containsEntry("x-forwarded-host", HOST)
                .containsEntry("x-forwarded-port", Integer.toString(local.settings.httpsPort()))
                .containsEntry("x-ganymede-organization", SERVED.toString())
                .containsEntry("x-ganymede-generation", "17")
                .containsEntry("forwarded", "for=127.0.0.1;host=" + HOST + ";proto=https")
                .doesNotContainKeys("proxy", "x-forwarded-prefix", "connection", "upgrade");
    }

    @Test
    void theRequestItselfPassesUnchanged() {
        assertThat(visitor.get(HOST, "/a%20b/../c?x=1&y=%2F").json().getString("uri"))
                .isEqualTo("/a%20b/../c?x=1&y=%2F");
    }

    @Test
    void anOrganizationWithoutRouteIsSaidToSleep() {
        MultiMap browser =
                MultiMap.caseInsensitiveMultiMap().add("Accept", "text/html,application/xhtml+xml,*/*;q=0.8");
        Visitor.Answer page = visitor.get(ASLEEP, "/collab", browser);
        assertThat(page.status()).isEqualTo(503);
        assertThat(page.headers().get("Retry-After")).isEqualTo("5");
        assertThat(page.headers().get("Cache-Control")).isEqualTo("no-store");
        assertThat(page.headers().get("Content-Type")).isEqualTo("text/html");
        assertThat(page.headers().get("Content-Security-Policy")).startsWith("default-src 'none'");
        assertThat(page.headers().get("Strict-Transport-Security")).startsWith("max-age=31536000");
        assertThat(page.body()).contains("This organization is not running</h1>");
    }

    @Test
    void aProgramIsToldInJson() {
        MultiMap accept = MultiMap.caseInsensitiveMultiMap().add("Accept", "*/*");
        Visitor.Answer problem = visitor.get(ASLEEP, "/", accept);
        assertThat(problem.status()).isEqualTo(503);
        assertThat(problem.headers().get("Retry-After")).isEqualTo("5");
        assertThat(problem.headers().get("Content-Type")).isEqualTo("application/problem+json");
        assertThat(problem.json().getString("type")).endsWith("/organization-not-served");
    }

    @Test
    void whatAGatewayAnswersPassesWithoutHeadersOfOurs() {
        assertThat(visitor.get(HOST, "/").headers().names())
                .doesNotContain("X-Frame-Options", "Strict-Transport-Security", "X-Content-Type-Options");
        assertThat(visitor.get("edge.test", "/").headers().names())
                .contains("X-Frame-Options", "Strict-Transport-Security", "X-Content-Type-Options");
    }

    @Test
    void namesThatAreNotOursGetNoHandshake() {
        for (String name : new String[] {"example.org", "other.edge.test", "org-1.edge.test", "a.b." + HOST}) {
            assertThatThrownBy(() -> visitor.get(name, "/")).hasRootCauseInstanceOf(SSLException.class);
        }
    }

    @Test
    void plainHttpIsSentToHttps() {
        Visitor.Answer answer = visitor.getPlain(HOST, "/x?y=1");
        assertThat(answer.status()).isEqualTo(308);
        assertThat(answer.headers().get("Location"))
                .isEqualTo("https://" + HOST + ":" + local.settings.httpsPort() + "/x?y=1");
        assertThatThrownBy(() -> visitor.getPlain("example.org", "/")).isNotNull();
    }

    @Test
    void theApexServesTheFrontend() {
        assertThat(visitor.get("edge.test", "/").body()).isEqualTo("<h1>frontend</h1>");
        assertThat(visitor.get("edge.test", "/projects/7").body()).isEqualTo("<h1>frontend</h1>");
        assertThat(visitor.get("edge.test", "/.env").status()).isEqualTo(404);
    }

    @Test
    void ganymedeAnswersUnderItsName() {
        Visitor.Answer answer = visitor.get("ganymede.edge.test", "/gateway/pool");
        assertThat(answer.json().getString("gateway"))
                .isEqualTo(ganymede.endpoint().authority());
        assertThat(visitor.get("ganymede.edge.test", "/q/metrics").status()).isEqualTo(404);
        assertThat(visitor.get("ganymede.edge.test", "/q/health/ready").status())
                .isEqualTo(404);
        assertThat(visitor.get("ganymede.edge.test", "/q/health/live").status()).isNotEqualTo(404);
    }

    @Test
    void noLogHasTheQuery() throws Exception {
        visitor.get(HOST, "/collab?access_token=verysecret");
        visitor.get(ASLEEP, "/collab?access_token=verysecret");
        OrganizationId broken = new OrganizationId(UUID.randomUUID());
        Gateway gone = new Gateway(vertx);
        gone.close();
        local.routes()
                .publish(new Route(broken, gone.endpoint(), new Generation(1)))
                .await()
                .atMost(PATIENCE);
        String host = LocalEdge.DOMAIN.organization(broken);
        assertThat(visitor.get(host, "/gone?access_token=verysecret").status()).isEqualTo(502);
        Path access = local.directory.resolve("logs/access.log");
        await().atMost(PATIENCE).until(() -> Files.readString(access).contains("\"path\":\"/gone\""));
        assertThat(Files.readString(access)).contains("\"path\":\"/collab\"").doesNotContain("verysecret");
        assertThat(Files.readString(local.directory.resolve("logs/error.log"))).doesNotContain("verysecret");
        for (String line : Files.readAllLines(access)) {
            assertThat(new JsonObject(line).getInteger("status")).isPositive();
        }
    }

    @Test
    void keysAreForTheWorkersOnly() throws Exception {
        Path key = local.files.path(CertificateFiles.name(SERVED));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                .isEqualTo("rw-r-----");
        if (!local.settings.workerUser().isEmpty()) {
            assertThat(Files.getAttribute(key, "posix:group")).hasToString("www-data");
        }
    }
}
