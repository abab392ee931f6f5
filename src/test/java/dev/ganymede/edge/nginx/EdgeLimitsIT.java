package dev.ganymede.edge.nginx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganymede.edge.EdgeRoutes;
import dev.ganymede.edge.Route;
import dev.ganymede.id.Generation;
import dev.ganymede.id.OrganizationId;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** One organization's visitors cannot take what belongs to the others. */
class EdgeLimitsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int TRIES = 10;

    @TempDir
    Path root;

    private final Vertx vertx = Vertx.vertx();
    private Gateway gateway;
    private LocalEdge local;
    private EdgeRoutes edge;
    private Visitor visitor;

    @AfterEach
    void stop() {
        local.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @ParameterizedTest
    @EnumSource(value = EdgeMode.class, mode = Mode.EXCLUDE, names = "AUTO")
    void anOrganizationHasSoManyRequestsASecond(EdgeMode mode) throws Exception {
        start(mode, new EdgeLimits(80, 16, 2, 0, Duration.ZERO));
        String busy = LocalEdge.DOMAIN.organization(publish());
        Visitor.Answer refused = null;
        for (int i = 0; i < TRIES && refused == null; i++) {
            Visitor.Answer answer = visitor.getKept(busy, "/");
            refused = answer.status() == 429 ? answer : null;
        }
        assertThat(refused).isNotNull();
        assertThat(refused.headers().get("Retry-After")).isEqualTo("1");
        assertThat(refused.headers().get("Cache-Control")).isEqualTo("no-store");
        assertThat(refused.headers().get("Content-Type")).isEqualTo("application/problem+json");
        assertThat(refused.json().getString("type")).endsWith("/organization-limited");
        String other = LocalEdge.DOMAIN.organization(publish());
        assertThat(visitor.get(other, "/").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource(value = EdgeMode.class, mode = Mode.EXCLUDE, names = "AUTO")
    void anOrganizationHasSoManyConnections(EdgeMode mode) throws Exception {
        start(mode, new EdgeLimits(80, 16, 0, 3, Duration.ZERO));
        String host = LocalEdge.DOMAIN.organization(publish());
        List<Visitor.Conversation> open = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                open.add(visitor.open(host, "/collab"));
            }
            assertThat(visitor.get(host, "/").status()).isEqualTo(429);
            assertThat(visitor.get(LocalEdge.DOMAIN.organization(publish()), "/")
                            .status())
                    .isEqualTo(200);
        } finally {
            open.forEach(Visitor.Conversation::close);
        }
    }

    @Test
    void withoutLimitsNobodyIsRefused() throws Exception {
        start(EdgeMode.RELOAD, new EdgeLimits(80, 16, 0, 0, Duration.ZERO));
        String host = LocalEdge.DOMAIN.organization(publish());
        for (int i = 0; i < TRIES; i++) {
            assertThat(visitor.getKept(host, "/").status()).isEqualTo(200);
        }
    }

    @Test
    void aHeaderThatIsTooLongIsRefused() throws Exception {
        start(EdgeMode.RELOAD, new EdgeLimits(80, 4, 0, 0, Duration.ZERO));
        MultiMap large = MultiMap.caseInsensitiveMultiMap().add("X-Large", "x".repeat(5000));
        assertThat(visitor.get(LocalEdge.DOMAIN.organization(publish()), "/", large)
                        .status())
                .isEqualTo(400);
    }

    private void start(EdgeMode mode, EdgeLimits limits) throws Exception {
        gateway = new Gateway(vertx);
        local = new LocalEdge(mode, limits, root, gateway.endpoint());
        edge = local.routes();
        edge.ensure().await().atMost(PATIENCE);
        local.start();
        visitor = new Visitor(vertx, local.settings, local.certificates.rootPem());
    }

    private OrganizationId publish() {
        OrganizationId organization = new OrganizationId(UUID.randomUUID());
        edge.publish(new Route(organization, gateway.endpoint(), new Generation(1)))
                .await()
                .atMost(PATIENCE);
        return organization;
    }
}
