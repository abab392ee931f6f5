package dev.ganymede.edge.nginx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.ganymede.edge.EdgeException;
import dev.ganymede.edge.EdgeRoutes;
import dev.ganymede.edge.EdgeRoutesContract;
import dev.ganymede.edge.Route;
import dev.ganymede.id.Endpoint;
import dev.ganymede.id.Generation;
import dev.ganymede.id.OrganizationId;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract on a real nginx that is reloaded, and every way in which a change can end badly; {@link LuaEdgeRoutesIT} has the same without reloads. */
class NginxEdgeRoutesIT extends EdgeRoutesContract {

    static Vertx vertx;
    private static Gateway one;
    private static Gateway two;

    @TempDir
    Path root;

    LocalEdge local;
    EdgeRoutes edge;
    Visitor visitor;

    @BeforeAll
    static void gateways() {
        vertx = Vertx.vertx();
        one = new Gateway(vertx);
        two = new Gateway(vertx);
    }

    @AfterAll
    static void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @BeforeEach
    void start() throws Exception {
        local = new LocalEdge(mode(), root, one.endpoint());
        edge = local.routes();
        run(edge.ensure());
        local.start();
        visitor = new Visitor(vertx, local.settings, local.certificates.rootPem());
    }

    EdgeMode mode() {
        return EdgeMode.RELOAD;
    }

    /** Where a change can be interrupted. */
    List<String> steps() {
        return List.of("stage", "test", "version", "write upstreams.conf", "write routes/");
    }

    @AfterEach
    void stop() {
        local.close();
    }

    @Override
    protected EdgeRoutes edge() {
        return edge;
    }

    @Override
    protected Endpoint gateway(int number) {
        return (number == 1 ? one : two).endpoint();
    }

    @Override
    protected Optional<Endpoint> visit(OrganizationId organization) {
        Visitor.Answer answer = visitor.get(name(organization), "/");
        if (answer.status() == 503) {
            return Optional.empty();
        }
        String gateway = answer.json().getString("gateway");
        return Optional.of(gateway.equals(one.endpoint().authority()) ? one.endpoint() : two.endpoint());
    }

    @Test
    void aSwitchOfTheGatewayFailsNoRequest() {
        OrganizationId organization = route(1, 1).organization();
        run(edge.publish(new Route(organization, gateway(1), new Generation(1))));
        AtomicInteger answered = new AtomicInteger();
        AtomicInteger failed = new AtomicInteger();
        Thread visitors = new Thread(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                try {
                    int status = visitor.getLater(name(organization), "/").get().status();
                    (status == 200 ? answered : failed).incrementAndGet();
                } catch (InterruptedException end) {
                    return;
                } catch (Exception e) {
                    failed.incrementAndGet();
                }
            }
        });
        visitors.start();
        for (int generation = 2; generation <= 8; generation++) {
            Route next = new Route(organization, gateway(1 + generation % 2), new Generation(generation));
            run(edge.publish(next));
            assertThat(visit(organization)).contains(next.gateway());
        }
        visitors.interrupt();
        assertThat(failed).hasValue(0);
        assertThat(answered.get()).isPositive();
    }

    @Test
    void aConfigurationThatNginxRefusesChangesNothing() {
        Route standing = route(1, 1);
        run(edge.publish(standing));
        Route unresolvable =
                new Route(route(1, 1).organization(), new Endpoint("no-such-host.invalid", 7100), new Generation(1));
        assertThatThrownBy(() -> run(edge.publish(unresolvable)))
                .isInstanceOf(EdgeException.class)
                .hasMessageContaining("no-such-host.invalid");
        assertThat(published()).isEqualTo(Map.of(standing.organization(), standing));
        assertThat(visit(standing.organization())).contains(standing.gateway());
    }

    /** {@code nginx -t} passes, the reload does not: the address is bound by somebody else. */
    @Test
    void aReloadThatFailsIsTakenBack() throws Exception {
        Route standing = route(1, 1);
        run(edge.publish(standing));
        try (var taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.9"))) {
            Set<ProcessHandle> workers = Workers.accepting(local.master());
            EdgeRoutes moved = local.routesListeningOn("127.0.0.9", taken.getLocalPort());
            assertThatThrownBy(() -> run(moved.ensure()))
                    .isInstanceOf(EdgeException.class)
                    .hasMessageContaining("does not run version");
            assertThat(Workers.accepting(local.master())).isEqualTo(workers);
        }
        assertThat(Files.readString(local.directory.resolve("nginx.conf"))).doesNotContain("127.0.0.9");
        assertThat(visit(standing.organization())).contains(standing.gateway());
        Route next = route(2, 1);
        run(edge.publish(next));
        assertThat(visit(next.organization())).contains(next.gateway());
    }

    @Test
    void aBrokenRouteFileStopsNobody() throws Exception {
        Route route = route(1, 1);
        run(edge.publish(route));
        Files.writeString(local.directory.resolve(RouteFile.name(route(1, 1).organization())), "} garbage {");
        Files.writeString(local.directory.resolve(RouteFile.name(route.organization())), "} garbage {");
        Route next = route(2, 1);
        run(edge.publish(next));
        assertThat(published()).isEqualTo(Map.of(route.organization(), route, next.organization(), next));
        LocalEdge.run("nginx", "-t", "-p", local.directory + "/", "-c", local.directory + "/nginx.conf");
        assertThat(visit(route.organization())).contains(route.gateway());
        assertThat(visit(next.organization())).contains(next.gateway());
    }

    @Test
    void aBrokenMainConfigurationIsRepaired() throws Exception {
        Route route = route(1, 1);
        run(edge.publish(route));
        Files.writeString(local.directory.resolve("nginx.conf"), "} garbage {");
        Files.writeString(local.directory.resolve("certs/base.pem"), "garbage");
        run(edge.ensure());
        LocalEdge.run("nginx", "-t", "-p", local.directory + "/", "-c", local.directory + "/nginx.conf");
        assertThat(visit(route.organization())).contains(route.gateway());
    }

    /** Everything is gone under a running nginx: its pid file and the name of its status socket, too. */
    @Test
    void aWipedDirectoryOfARunningEdgeComesBack() throws Exception {
        Route route = route(1, 1);
        run(edge.publish(route));
        ProcessHandle master = local.master();
        wipe();
        run(edge.ensure());
        run(edge.publish(route));
        run(edge.ping());
        assertThat(local.master()).isEqualTo(master);
        assertThat(visit(route.organization())).contains(route.gateway());
        assertThat(visitor.get("uc-1." + name(route.organization()), "/").status())
                .isEqualTo(200);
        assertThat(local.directory.resolve("status-2.sock")).doesNotExist();
    }

    /** Nothing but a round of {@code ensure}: starts are refused while the edge is not available, so no change would come. */
    @ParameterizedTest
    @ValueSource(strings = {"", "garbage", "1"})
    void aLostOrGarbledPidFileIsWrittenAgain(String text) throws Exception {
        Path pidFile = local.directory.resolve(EdgeFiles.PID);
        ProcessHandle master = local.master();
        Files.delete(pidFile);
        if (!text.isEmpty()) {
            Files.writeString(pidFile, text);
        }
        assertThat(edge.available()).isFalse();
        run(edge.ensure());
        assertThat(edge.available()).isTrue();
        assertThat(local.master()).isEqualTo(master);
        Route route = route(1, 1);
        run(edge.publish(route));
        assertThat(visit(route.organization())).contains(route.gateway());
    }

    @Test
    void aWipedDirectoryOfAStoppedEdgeComesBack() throws Exception {
        Route route = route(1, 1);
        run(edge.publish(route));
        local.kill();
        wipe();
        run(edge.ensure());
        run(edge.replaceAll(List.of(route)));
        local.start();
        assertThat(visit(route.organization())).contains(route.gateway());
    }

    @Test
    void aStatusSocketThatIsGoneIsMadeAgain() throws Exception {
        Files.delete(local.directory.resolve(EdgeFiles.STATUS_SOCKET));
        assertThatThrownBy(() -> run(edge.ping())).hasMessage("edge does not answer");
        run(edge.ensure());
        run(edge.ping());
    }

    @Test
    void aLostCertificateIsRestoredWithoutARestart() throws Exception {
        Route route = route(1, 1);
        run(edge.publish(route));
        Path certificate = local.directory.resolve(CertificateFiles.name(route.organization()));
        String below = "uc-1." + name(route.organization());
        Files.delete(certificate);
        run(edge.ensure());
        assertThat(visitor.get(below, "/").status()).isEqualTo(200);
        Files.writeString(certificate, "garbage");
        run(edge.publish(route));
        assertThat(visitor.get(below, "/").status()).isEqualTo(200);
    }

    @Test
    void twoProcessesAtTheSameTimeEndWithTheUnion() {
        EdgeRoutes other = local.routes();
        List<Route> routes = Stream.generate(() -> route(1, 1)).limit(16).toList();
        List<Route> withdrawn = Stream.generate(() -> route(2, 1)).limit(4).toList();
        withdrawn.forEach(route -> run(edge.publish(route)));
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int i = 0; i < routes.size(); i++) {
            EdgeRoutes writer = i % 2 == 0 ? edge : other;
            Route route = routes.get(i);
            all.add(CompletableFuture.runAsync(() -> run(writer.publish(route))));
        }
        withdrawn.forEach(
                route -> all.add(CompletableFuture.runAsync(() -> run(other.withdraw(route.organization())))));
        all.forEach(CompletableFuture::join);
        assertThat(published().values()).containsExactlyInAnyOrderElementsOf(routes);
        routes.forEach(route -> assertThat(visit(route.organization())).contains(route.gateway()));
        withdrawn.forEach(route -> assertThat(visit(route.organization())).isEmpty());
    }

    private void wipe() throws IOException {
        try (Stream<Path> all = Files.walk(local.directory)) {
            for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                if (!file.equals(local.directory)) {
                    Files.delete(file);
                }
            }
        }
    }

    @Test
    void aKilledNginxIsNotRunningAndItsRestartServesEverything() {
        Route before = route(1, 1);
        Route during = route(2, 1);
        run(edge.publish(before));
        local.kill();
        assertThatThrownBy(() -> run(edge.ping())).hasMessage("edge is not running");
        assertThatThrownBy(() -> run(edge.publish(during))).hasMessage("edge is not running");
        run(edge.ensure());
        run(edge.withdraw(before.organization()));
        local.start();
        run(edge.replaceAll(List.of(before, during)));
        assertThat(visit(before.organization())).contains(before.gateway());
        assertThat(visit(during.organization())).contains(during.gateway());
    }

    /** Invariant 8: whenever Ganymede dies, nginx can be restarted on what stands, and the next start of Ganymede repairs. */
    @Test
    void killedBetweenAnyTwoStepsNginxStillStarts() throws Exception {
        Route standing = route(1, 1);
        run(edge.publish(standing));
        for (String step : steps()) {
            Route moved = new Route(standing.organization(), gateway(2), new Generation(2));
            EdgeWriter dying = new EdgeWriter(local.settings, local.files, local.nginx, Clock.systemUTC(), reached -> {
                if (reached.startsWith(step)) {
                    throw new Killed();
                }
            });
            assertThatThrownBy(() -> dying.apply(List.of(new Change.Publish(moved))))
                    .isInstanceOf(Killed.class);
            local.kill();
            local.removeSockets();
            local.start();
            assertThat(visitor.get("ganymede.edge.test", "/").status()).isEqualTo(200);
            run(local.routes().replaceAll(List.of(standing)));
            assertThat(visit(standing.organization())).contains(standing.gateway());
        }
    }

    @Test
    void aDirectoryThatTheWorkersCannotReachIsSaidAtOnce() throws Exception {
        assumeFalse(local.settings.workerUser().isEmpty());
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx------"));
        assertThatThrownBy(() -> run(edge.ensure()))
                .hasMessageContaining("www-data")
                .hasMessageContaining("chmod o+x");
    }

    /** No assertion: prints what a change costs and where, for whoever reads the log. */
    @Test
    void tellsHowLongAChangeTakes() {
        long[] last = {System.nanoTime()};
        StringBuilder steps = new StringBuilder();
        Checkpoint stopwatch = step -> {
            long now = System.nanoTime();
            steps.append(step.split("/")[0])
                    .append(' ')
                    .append((now - last[0]) / 1000)
                    .append(" us, ");
            last[0] = now;
        };
        EdgeRoutes timed = local.routes(stopwatch);
        for (int i = 0; i < 10; i++) {
            Route route = route(1 + i % 2, 1);
            long start = System.nanoTime();
            last[0] = start;
            steps.setLength(0);
            run(timed.publish(route));
            System.out.printf("change to live: %d ms (%s)%n", (System.nanoTime() - start) / 1_000_000, steps);
        }
    }

    static String name(OrganizationId organization) {
        return LocalEdge.DOMAIN.organization(organization);
    }

    static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }
}
