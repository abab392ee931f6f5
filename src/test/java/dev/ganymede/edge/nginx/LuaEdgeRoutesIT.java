package dev.ganymede.edge.nginx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.ganymede.edge.Route;
import dev.ganymede.id.Generation;
import dev.ganymede.id.OrganizationId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The same promises without a reload, and what only a table in memory can do wrong. */
class LuaEdgeRoutesIT extends NginxEdgeRoutesIT {

    private static final int MANY = 1000;

    @Override
    EdgeMode mode() {
        return EdgeMode.LUA;
    }

    @Override
    List<String> steps() {
        return List.of("stage", "version", "write routes/", "told");
    }

    /** Nobody is kept from changing by it; it is looked at in the next round. */
    @Test
    @Override
    void aBrokenRouteFileStopsNobody() throws Exception {
        Route route = route(1, 1);
        Route next = route(2, 1);
        run(edge.publish(route));
        Files.writeString(local.directory.resolve(RouteFile.name(route(1, 1).organization())), "} garbage {");
        Files.writeString(local.directory.resolve(RouteFile.name(route.organization())), "} garbage {");
        run(edge.publish(next));
        assertThat(visit(route.organization())).contains(route.gateway());
        run(edge.ensure());
        assertThat(published()).isEqualTo(Map.of(route.organization(), route, next.organization(), next));
        assertThat(visit(route.organization())).contains(route.gateway());
        assertThat(visit(next.organization())).contains(next.gateway());
    }

    @Test
    void aWebSocketOutlivesAThousandChangesAndNoWorkerIsReplaced() {
        Route open = route(1, 1);
        run(edge.publish(open));
        Set<ProcessHandle> workers = Workers.accepting(local.master());
        try (Visitor.Conversation conversation = visitor.open(name(open.organization()), "/collab")) {
            OrganizationId moving = route(1, 1).organization();
            for (int i = 0; i < MANY; i++) {
                Route next = new Route(moving, gateway(1 + i % 2), new Generation(i + 1));
                run(i % 3 == 2 ? edge.withdraw(moving) : edge.publish(next));
            }
            assertThat(conversation.echo("still there")).isEqualTo("echo still there");
        }
        assertThat(Workers.accepting(local.master())).isEqualTo(workers);
    }

    @Test
    void aNginxThatWasKilledLoadsEveryRouteWhenItStarts() throws Exception {
        List<Route> routes = Stream.generate(() -> List.of(route(1, 1), route(2, 7)))
                .limit(100)
                .flatMap(List::stream)
                .toList();
        run(edge.replaceAll(routes));
        local.kill();
        local.removeSockets();
        local.start();
        for (Route route : routes.subList(0, 20)) {
            assertThat(visit(route.organization())).contains(route.gateway());
        }
        assertThat(local.nginx.table().state().orElseThrow().digest()).isEqualTo(RouteDigest.of(published()));
    }

    @Test
    void killedBetweenTheFileAndTheTableTheNextRoundBringsThemTogether() {
        Route standing = route(1, 1);
        run(edge.publish(standing));
        for (String step : List.of("version", "write routes/")) {
            Route moved = new Route(standing.organization(), gateway(2), new Generation(2));
            boolean[] armed = {false};
            EdgeWriter dying = new EdgeWriter(local.settings, local.files, local.nginx, Clock.systemUTC(), reached -> {
                if (armed[0] && reached.startsWith(step)) {
                    throw new Killed();
                }
            });
            dying.apply(List.of(new Change.Ensure(
                    local.files.read(EdgeFiles.BASE_CERTIFICATE).orElseThrow())));
            armed[0] = true;
            assertThatThrownBy(() -> dying.apply(List.of(new Change.Publish(moved))))
                    .isInstanceOf(Killed.class);
            run(edge.ensure());
            Route stands = published().get(standing.organization());
            assertThat(visit(standing.organization())).contains(stands.gateway());
            run(edge.publish(standing));
            assertThat(visit(standing.organization())).contains(standing.gateway());
        }
    }

    @Test
    void aTableThatLiesIsCorrectedInTheNextRound() {
        Route one = route(1, 1);
        Route two = route(2, 1);
        run(edge.publish(one));
        run(edge.publish(two));
        RouteTable table = local.nginx.table();
        String version = table.state().orElseThrow().version();
        table.change(version, version, Map.of(one.organization(), Optional.empty()));
        assertThat(visit(one.organization())).isEmpty();
        run(edge.ensure());
        assertThat(visit(one.organization())).contains(one.gateway());
        table.change(
                version,
                version,
                Map.of(
                        one.organization(),
                        Optional.of(new Route(one.organization(), two.gateway(), one.generation()))));
        run(edge.ensure());
        assertThat(visit(one.organization())).contains(one.gateway());
    }

    @Test
    void aTableThatIsLostIsFilledByTheNextChange() {
        Route one = route(1, 1);
        Route two = route(2, 1);
        run(edge.publish(one));
        local.nginx.table().replace("another", Map.of());
        assertThat(visit(one.organization())).isEmpty();
        run(edge.publish(two));
        assertThat(visit(one.organization())).contains(one.gateway());
        assertThat(visit(two.organization())).contains(two.gateway());
    }

    @Test
    void aControlSocketThatIsGoneIsMadeAgainByTheNextChange() throws Exception {
        Files.delete(local.directory.resolve(EdgeFiles.CONTROL_SOCKET));
        Route route = route(1, 1);
        run(edge.publish(route));
        assertThat(visit(route.organization())).contains(route.gateway());
        assertThat(local.directory.resolve(EdgeFiles.CONTROL_SOCKET)).exists();
        assertThat(local.directory.resolve("control/lua-2.sock")).doesNotExist();
    }

    @Test
    void nobodyElseCanOpenTheControlSocket() throws Exception {
        assumeFalse(local.settings.workerUser().isEmpty());
        Path socket = local.directory.resolve(EdgeFiles.CONTROL_SOCKET);
        assertThat(LocalEdge.run("curl", "-sS", "--unix-socket", socket.toString(), "http://edge/routes"))
                .contains(" 0 0");
        assertThatThrownBy(() -> LocalEdge.run(
                        "setpriv",
                        "--reuid",
                        "www-data",
                        "--regid",
                        "www-data",
                        "--clear-groups",
                        "curl",
                        "-sS",
                        "--unix-socket",
                        socket.toString(),
                        "http://edge/routes"))
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void aRenewedCertificateIsShownWithoutAReload() throws Exception {
        Route route = route(1, 1);
        run(edge.publish(route));
        Set<ProcessHandle> workers = Workers.accepting(local.master());
        String name = "uc-1." + name(route.organization());
        var before = visitor.certificate(name);
        assertThat(visitor.certificate(name)).isEqualTo(before);
        Path file = local.directory.resolve(CertificateFiles.name(route.organization()));
        String pem = LocalEdge.run(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-days",
                "1",
                "-subj",
                "/CN=renewed",
                "-keyout",
                "-");
        new CertificateFiles(local.files, organization -> local.nginx.table().renewed(List.of(organization)))
                .put(
                        route.organization(),
                        pem.substring(pem.indexOf("-----BEGIN")),
                        Clock.systemUTC().instant());
        assertThat(file).exists();
        for (int i = 0; i < 10; i++) {
            assertThat(visitor.certificate(name).getSubjectX500Principal().getName())
                    .isEqualTo("CN=renewed");
        }
        assertThat(Workers.accepting(local.master())).isEqualTo(workers);
    }
}
