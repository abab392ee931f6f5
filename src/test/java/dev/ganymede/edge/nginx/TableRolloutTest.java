package dev.ganymede.edge.nginx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ganymede.edge.EdgeException;
import dev.ganymede.edge.Route;
import dev.ganymede.id.Endpoint;
import dev.ganymede.id.Generation;
import dev.ganymede.id.OrganizationId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files and table say the same after every change, and at the latest after the next look. */
class TableRolloutTest {

    private static final String BASE = "base key and chain\n";
    private static final List<Change> ENSURE = List.of(new Change.Ensure(BASE));

    @TempDir
    Path directory;

    private final Route standing = route(7101);
    private EdgeFiles files;
    private FakeNginx nginx;
    private EdgeWriter writer;

    @BeforeEach
    void serving() {
        files = new EdgeFiles(directory, "");
        nginx = new FakeNginx(files);
        writer = writer(Checkpoint.NONE);
        writer.apply(ENSURE);
        writer.apply(List.of(new Change.Publish(standing)));
    }

    @Test
    void changesOfRoutesReloadNothing() {
        int before = nginx.reloads();
        Route next = route(7102);
        writer.apply(List.of(new Change.Publish(next), new Change.Withdraw(standing.organization())));
        writer.apply(ENSURE);
        writer.apply(List.of(new Change.ReplaceAll(BASE, List.of(standing, next))));
        assertThat(nginx.reloads()).isEqualTo(before);
        assertBothSay(standing, next);
    }

    @Test
    void aChangeOfTheConfigurationStillReloads() throws IOException {
        int before = nginx.reloads();
        Files.writeString(files.path("lua/edge_routes.lua"), "garbage");
        writer.apply(ENSURE);
        assertThat(nginx.reloads()).isEqualTo(before + 1);
        assertThat(Files.readString(files.path("lua/edge_routes.lua")))
                .isEqualTo(new EdgeTemplates().lua("lua/edge_routes.lua"));
        assertBothSay(standing);
    }

    @Test
    void aTableThatLiesIsCorrectedByTheNextLook() {
        nginx.table().routes().clear();
        writer.apply(ENSURE);
        assertBothSay(standing);
        nginx.table().routes().put(standing.organization(), route(7999));
        writer.apply(ENSURE);
        assertBothSay(standing);
    }

    @Test
    void aNginxThatWasStartedAnewIsLookedAtByTheNextChange() {
        Route next = route(7102);
        nginx.start();
        nginx.table().routes().clear();
        writer.apply(List.of(new Change.Publish(next)));
        assertBothSay(standing, next);
    }

    @Test
    void aTableThatDoesNotAnswerCostsOneReload() {
        int before = nginx.reloads();
        Route next = route(7102);
        nginx.table().staySilent(3);
        writer.apply(List.of(new Change.Publish(next)));
        assertThat(nginx.reloads()).isEqualTo(before + 1);
        assertBothSay(standing, next);
    }

    @Test
    void aTableThatIsFullKeepsWhatItHas() {
        nginx.table().full(true);
        assertThatThrownBy(() -> writer.apply(List.of(new Change.Publish(route(7102)))))
                .isInstanceOf(EdgeException.class);
        assertThat(writer.published()).isEqualTo(Map.of(standing.organization(), standing));
        nginx.table().full(false);
        writer.apply(ENSURE);
        assertBothSay(standing);
    }

    @Test
    void aTableThatOnlyPretendsFailsTheChange() {
        nginx.table().pretend(true);
        assertThatThrownBy(() -> writer.apply(List.of(new Change.Publish(route(7102)))))
                .isInstanceOf(EdgeException.class);
        nginx.table().pretend(false);
        writer.apply(ENSURE);
        assertBothSay(standing);
    }

    @Test
    void withoutNginxTheFilesAreReadyForItsStart() {
        nginx.stop();
        Route next = route(7102);
        writer.apply(List.of(new Change.Publish(next)));
        nginx.start();
        assertBothSay(standing, next);
    }

    @Test
    void aGatewayWithoutAnAddressIsRefusedBeforeAnythingIsWritten() {
        Route named = new Route(standing.organization(), new Endpoint("node-2.lan", 7100), new Generation(2));
        assertThatThrownBy(() -> writer.apply(List.of(new Change.Publish(named))))
                .hasMessageContaining("node-2.lan");
        assertBothSay(standing);
    }

    @ParameterizedTest
    @ValueSource(strings = {"}}} garbage", "", "another gw_127.0.0.1_7101@1;\n"})
    void aCorruptedRouteIsWhatItWasAfterTheNextLook(String garbage) throws IOException {
        Files.writeString(files.path(RouteFile.name(standing.organization())), garbage);
        writer.apply(ENSURE);
        assertBothSay(standing);
    }

    @Test
    void aRouteThatWasRemovedOrAddedByHandIsAsBeforeAfterTheNextLook() throws IOException {
        Files.delete(files.path(RouteFile.name(standing.organization())));
        Route added = route(7103);
        Files.writeString(files.path(RouteFile.name(added.organization())), RouteFile.text(added));
        writer.apply(ENSURE);
        assertBothSay(standing);
    }

    @Test
    void twoWritersEndWithTheUnion() {
        EdgeWriter other = writer(Checkpoint.NONE);
        Route next = route(7102);
        Route last = route(7103);
        other.apply(List.of(new Change.Publish(next)));
        writer.apply(List.of(new Change.Publish(last)));
        assertBothSay(standing, next, last);
        other.apply(ENSURE);
        assertBothSay(standing, next, last);
    }

    /** Invariants 6 and 8: stopped between any two steps, the next look makes file and table one. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void killedAnywhereTheNextLookRepairs(boolean nginxDiesToo) {
        int steps = 0;
        for (boolean killed = true; killed; steps++) {
            int[] left = {Integer.MAX_VALUE};
            EdgeWriter dying = writer(step -> {
                if (left[0]-- == 0) {
                    throw new Killed();
                }
            });
            dying.apply(ENSURE);
            left[0] = steps;
            Route moved =
                    new Route(standing.organization(), new Endpoint("127.0.0.1", 7200), new Generation(steps + 2));
            killed = false;
            try {
                dying.apply(List.of(new Change.Publish(moved), new Change.Publish(route(7102))));
            } catch (Killed inTheMiddle) {
                killed = true;
            }
            if (nginxDiesToo) {
                nginx.start();
            }
            writer = writer(Checkpoint.NONE);
            writer.apply(ENSURE);
            assertThat(nginx.table().routes()).isEqualTo(writer.published());
            writer.apply(List.of(new Change.ReplaceAll(BASE, List.of(standing))));
            assertBothSay(standing);
        }
        assertThat(steps).isGreaterThan(4);
    }

    private void assertBothSay(Route... routes) {
        assertThat(writer.published().values()).containsExactlyInAnyOrder(routes);
        assertThat(nginx.table().routes().values()).containsExactlyInAnyOrder(routes);
    }

    private EdgeWriter writer(Checkpoint checkpoint) {
        return new EdgeWriter(Samples.luaSettings(directory), files, nginx, Clock.systemUTC(), checkpoint);
    }

    private static Route route(int port) {
        return new Route(new OrganizationId(UUID.randomUUID()), new Endpoint("127.0.0.1", port), new Generation(1));
    }

    private static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }
}
