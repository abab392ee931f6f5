package dev.ganymede.world;

import static org.awaitility.Awaitility.await;

import dev.ganymede.container.ContainerRuntime;
import dev.ganymede.container.FakeContainerRuntime;
import dev.ganymede.dns.DnsZone;
import dev.ganymede.dns.FakeDnsZone;
import dev.ganymede.dns.HostAddress;
import dev.ganymede.edge.EdgeException;
import dev.ganymede.edge.EdgeProbe;
import dev.ganymede.edge.EdgeRoutes;
import dev.ganymede.edge.FakeEdgeRoutes;
import dev.ganymede.edge.Route;
import dev.ganymede.id.OrganizationId;
import io.restassured.path.json.JsonPath;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.core.json.JsonObject;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The world around the service, played in this process: engine, zone and edge are fakes that pass the contracts of the real ones, the gateways are simulated over
 * real sockets, the database is real.
 */
@Singleton
public class World {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    public final FakeContainerRuntime containers = new FakeContainerRuntime();
    public final FakeDnsZone zone = new FakeDnsZone();
    public final FakeEdgeRoutes edge = new FakeEdgeRoutes();
    public final MovableClock clock = new MovableClock();
    public final SimulatedGateways gateways;
    private final Watch watch = new Watch();
    private final Sql sql;

    World(@ConfigProperty(name = "quarkus.http.test-port") int port, DataSource dataSource) {
        sql = new Sql(dataSource);
        gateways = new SimulatedGateways(URI.create("http://127.0.0.1:" + port), watch);
        containers.host(SimulatedGateways.HOST);
        containers.onStart(gateways::started);
        containers.onStop(gateways::stopped);
        containers.onEnd(gateways::ended);
    }

    /** The world ends with its service: the next one, of another test's settings, wants the same ports. */
    @PreDestroy
    void end() {
        gateways.all().forEach(SimulatedGateway::close);
    }

    /** Called with the name of every call to the outside, before it is made. */
    public void watch(Consumer<String> watcher) {
        watch.with(watcher);
    }

    /** While the work is done, gateways that are asked to leave end without a word. */
    public void withoutFarewells(Runnable work) {
        containers.onStop(spec -> {});
        try {
            work.run();
        } finally {
            containers.onStop(gateways::stopped);
        }
    }

    /** Nobody is served, every gateway is ready. */
    public void reset() {
        forgetTheQueueAndSetbacks();
        // a failover that was under way may serve somebody meanwhile
        await().atMost(PATIENCE).until(() -> {
            serving().forEach(organization -> Api.stop(organization).then().statusCode(200));
            return ready(3);
        });
    }

    private void forgetTheQueueAndSetbacks() {
        try {
            sql.execute("delete from revival");
            sql.execute("update gateway set failures = 0, not_before = null");
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    public void awaitReady(int count) {
        await().atMost(PATIENCE).until(() -> ready(count));
    }

    private static boolean ready(int count) {
        JsonPath pool = Api.pool().jsonPath();
        return pool.getInt("totals.ready") == count && pool.getInt("totals.total") == count;
    }

    /** Organizations that have a gateway now. */
    public List<String> serving() {
        List<String> organizations = Api.pool().jsonPath().getList("gateways.organization_id", String.class);
        return organizations.stream()
                .filter(organization -> organization != null)
                .toList();
    }

    /** The member that serves the organization, as the pool's status shows it. */
    public Optional<JsonObject> member(String organization) {
        List<Map<String, Object>> members = Api.pool().jsonPath().getList("gateways");
        return members.stream()
                .filter(member -> organization.equals(member.get("organization_id")))
                .map(JsonObject::new)
                .findFirst();
    }

    /** Both names of the organization point at our address. */
    public boolean published(String organization) {
        return new DnsZone.Published.At(new HostAddress("127.0.0.1"))
                .equals(zone.names().get(OrganizationId.parse(organization)));
    }

    /** The edge has a route for the organization. */
    public boolean routed(String organization) {
        return edge.routeOf(OrganizationId.parse(organization)).isPresent();
    }

    /** What a visitor of the organization's name would get: through the fake edge to the simulated gateway. */
    static EdgeProbe.Answer visit(Optional<Route> route) {
        return route.map(World::health).orElseThrow(() -> new EdgeException("503 from the edge: nobody is routed"));
    }

    private static EdgeProbe.Answer health(Route route) {
        try {
            URI uri = URI.create("http://" + route.gateway().authority() + "/health");
            HttpResponse<String> answer = HTTP.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
            return new EdgeProbe.Answer(answer.statusCode(), answer.body());
        } catch (IOException failure) {
            throw new EdgeException("502 from the edge", failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new EdgeException("interrupted", interrupted);
        }
    }

    @Produces
    @Singleton
    @Alternative
    @Priority(1)
    ContainerRuntime containers() {
        return watch.over(ContainerRuntime.class, containers);
    }

    @Produces
    @Singleton
    @Alternative
    @Priority(1)
    DnsZone zone() {
        return watch.over(DnsZone.class, zone);
    }

    @Produces
    @Singleton
    @Alternative
    @Priority(1)
    EdgeRoutes edge() {
        return watch.over(EdgeRoutes.class, edge);
    }

    @Produces
    @Singleton
    @Alternative
    @Priority(1)
    EdgeProbe probe() {
        return watch.over(EdgeProbe.class, (organization, timeout) -> Uni.createFrom()
                .item(() -> visit(edge.routeOf(organization)))
                .runSubscriptionOn(Infrastructure.getDefaultWorkerPool()));
    }

    @Produces
    @ApplicationScoped
    @Alternative
    @Priority(1)
    Clock clock() {
        return clock;
    }
}
