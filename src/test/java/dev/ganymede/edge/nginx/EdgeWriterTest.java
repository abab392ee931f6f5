package dev.ganymede.edge.nginx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ganymede.edge.EdgeException;
import dev.ganymede.edge.Route;
import dev.ganymede.id.Endpoint;
import dev.ganymede.id.Generation;
import dev.ganymede.id.OrganizationId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EdgeWriterTest {

    private static final String BASE = "base key and chain\n";

    @TempDir
    Path directory;

    private EdgeFiles files;
    private FakeNginx nginx;
    private EdgeWriter writer;

    @BeforeEach
    void ensured() {
        files = new EdgeFiles(directory, "");
        nginx = new FakeNginx(files);
        writer = writer(Checkpoint.NONE);
        writer.apply(List.of(new Change.Ensure(BASE)));
    }

    @Test
    void ensuringWritesAllThatNginxNeedsToStart() {
        for (String name : List.of("nginx.conf", "signal.conf", "upstreams.conf", "version.conf", "certs/base.pem")) {
            assertThat(files.path(name)).isNotEmptyFile();
        }
        assertThat(directory.resolve("logs")).isDirectory();
    }

    @Test
    void whatIsUnchangedCostsNoReload() {
        Route route = route(1);
        writer.apply(List.of(new Change.Publish(route)));
        int before = nginx.reloads();
        writer.apply(List.of(new Change.Publish(route)));
        writer.apply(List.of(new Change.Ensure(BASE)));
        writer.apply(List.of(new Change.ReplaceAll(BASE, List.of(route))));
        writer.apply(List.of(new Change.Withdraw(organization())));
        assertThat(nginx.reloads()).isEqualTo(before);
    }

    @Test
    void anAnswerThatIsMissingOnceIsNotAnotherVersion() {
        int before = nginx.reloads();
        nginx.staySilent(NginxControl.ATTEMPTS - 1);
        writer.apply(List.of(new Change.Ensure(BASE)));
        assertThat(nginx.reloads()).isEqualTo(before);

        nginx.staySilent(NginxControl.ATTEMPTS);
        writer.apply(List.of(new Change.Ensure(BASE)));
        assertThat(nginx.reloads()).isEqualTo(before + 1);
    }

    @Test
    void aBatchSharesOneReloadAndTheLastWordCounts() {
        Route stays = route(1);
        Route goes = route(1);
        int before = nginx.reloads();
        writer.apply(
                List.of(new Change.Publish(goes), new Change.Publish(stays), new Change.Withdraw(goes.organization())));
        assertThat(nginx.reloads()).isEqualTo(before + 1);
        assertThat(writer.published()).isEqualTo(Map.of(stays.organization(), stays));
    }

    @Test
    void aRefusedConfigurationTouchesNothing() {
        Route standing = route(1);
        writer.apply(List.of(new Change.Publish(standing)));
        Map<String, String> before = live();
        nginx.refuseConfigurations(true);
        assertThatThrownBy(() -> writer.apply(List.of(new Change.Publish(route(2)))))
                .isInstanceOf(EdgeException.class)
                .hasMessageContaining("unknown directive");
        assertThat(live()).isEqualTo(before);
    }

    @Test
    void aFailedReloadBringsBackWhatStoodBefore() {
        Route standing = route(1);
        writer.apply(List.of(new Change.Publish(standing)));
        nginx.failReloads(1);
        Route replacement = new Route(standing.organization(), new Endpoint("10.0.0.9", 7100), new Generation(2));
        assertThatThrownBy(() -> writer.apply(List.of(new Change.Publish(replacement), new Change.Publish(route(1)))))
                .isInstanceOf(EdgeException.class);
        assertThat(writer.published()).isEqualTo(Map.of(standing.organization(), standing));
        assertThat(nginx.served()).containsOnlyKeys(RouteFile.name(standing.organization()));
        assertThat(nginx.served().values()).allMatch(content -> content.contains("gw_127.0.0.1_7101@1"));
    }

    /** Each reload replaces the workers, and a bad change may come again every few seconds. */
    @Test
    void aFailedReloadThatChangedNothingIsTakenBackWithoutAnother() {
        Route standing = route(1);
        writer.apply(List.of(new Change.Publish(standing)));
        Map<String, String> before = live();
        int reloads = nginx.reloads();
        for (int attempt = 0; attempt < 3; attempt++) {
            nginx.failReloads(1);
            assertThatThrownBy(() -> writer.apply(List.of(new Change.Publish(route(1)))))
                    .isInstanceOf(EdgeException.class)
                    .hasNoSuppressedExceptions();
            assertThat(live()).isEqualTo(before);
        }
        writer.apply(List.of(new Change.Ensure(BASE)));
        assertThat(nginx.reloads()).isEqualTo(reloads);
    }

    @Test
    void aFailedReloadThatLoadedHalfwayIsTakenBackByAnother() {
        Route standing = route(1);
        writer.apply(List.of(new Change.Publish(standing)));
        int reloads = nginx.reloads();
        nginx.failReloadsHalfway(1);
        assertThatThrownBy(() -> writer.apply(List.of(new Change.Publish(route(1)))))
                .isInstanceOf(EdgeException.class);
        assertThat(nginx.reloads()).isEqualTo(reloads + 1);
        assertThat(nginx.served()).containsOnlyKeys(RouteFile.name(standing.organization()));
    }

    /** The version that nginx runs comes back last: whatever is missing before it, the next look finds another version and reloads. */
    @Test
    void killedWhileAChangeIsTakenBackTheNextLookRepairs() {
        int steps = 0;
        for (boolean killed = true; killed; steps++) {
            Route standing = route(1);
            writer.apply(List.of(new Change.ReplaceAll(BASE, List.of(standing))));
            nginx.failReloads(1);
            // the change itself: stage, test, version and two routes
            int[] left = {5 + steps};
            killed = false;
            try {
                writer(step -> {
                            if (left[0]-- == 0) {
                                throw new Killed();
                            }
                        })
                        .apply(List.of(new Change.Publish(route(1)), new Change.Withdraw(standing.organization())));
            } catch (Killed inTheMiddle) {
                killed = true;
            } catch (EdgeException takenBack) {
                assertThat(writer.published()).isEqualTo(Map.of(standing.organization(), standing));
            }
            nginx.failReloads(0);
            writer = writer(Checkpoint.NONE);
            writer.apply(List.of(new Change.Ensure(BASE)));
            assertThat(nginx.served()).isEqualTo(routeFiles());
        }
        assertThat(steps).isGreaterThan(4);
    }

    @Test
    void whenTheRestoreFailsTooTheNextChangeReloads() {
        Route route = route(1);
        nginx.failReloadsHalfway(1);
        nginx.failReloads(1);
        assertThatThrownBy(() -> writer.apply(List.of(new Change.Publish(route))))
                .satisfies(failure -> assertThat(failure.getSuppressed()).hasSize(1));
        int before = nginx.reloads();
        writer.apply(List.of(new Change.Ensure(BASE)));
        assertThat(nginx.reloads()).isEqualTo(before + 1);
        assertThat(nginx.served()).isEmpty();
    }

    @Test
    void withoutNginxTheFilesAreReadyForItsStart() {
        nginx.stop();
        Route route = route(1);
        writer.apply(List.of(new Change.Publish(route)));
        nginx.start();
        assertThat(nginx.served()).containsOnlyKeys(RouteFile.name(route.organization()));
    }

    @Test
    void aChangeStagesOnlyTheFilesItIsAbout() {
        writer.apply(List.of(new Change.ReplaceAll(BASE, List.of(route(1), route(1), route(1)))));
        String[] staged = {""};
        Route route = route(1);
        writer(step -> staged[0] = step.equals("stage") ? stagedFiles() : staged[0])
                .apply(List.of(new Change.Publish(route)));
        assertThat(staged[0]).isEqualTo(RouteFile.name(route.organization()) + " version.conf");
    }

    /** Invariants 6 and 8: stopped between any two steps, what stands can be loaded, and the next start makes it right. */
    @Test
    void killedAnywhereTheNextStartRepairs() {
        Route standing = route(1);
        writer.apply(List.of(new Change.Publish(standing)));
        int steps = 0;
        for (boolean killed = true; killed; steps++) {
            Route moved =
                    new Route(standing.organization(), new Endpoint("127.0.0.1", 7200 + steps), new Generation(9));
            List<Change> changes = List.of(
                    new Change.Publish(moved), new Change.Publish(route(2)), new Change.Withdraw(organization()));
            killed = killedAfter(steps, changes);
            writer = writer(Checkpoint.NONE);
            Route wanted =
                    new Route(standing.organization(), new Endpoint("127.0.0.1", 7300), new Generation(steps + 1));
            writer.apply(List.of(new Change.ReplaceAll(BASE, List.of(wanted))));
            assertThat(nginx.served().values())
                    .containsExactly(standing.organization() + " gw_127.0.0.1_7300@" + (steps + 1) + ";\n");
            assertThat(nginx.version())
                    .isEqualTo(EdgeTemplates.versionIn(
                            files.read(EdgeFiles.VERSION).orElseThrow()));
        }
        assertThat(steps).isGreaterThan(6);
    }

    /** The same, when the files already are as they should be: only the versions tell that nginx does not run them. */
    @Test
    void killedBeforeTheReloadTheSameChangeAgainReloads() {
        Route route = route(1);
        List<Change> change = List.of(new Change.Publish(route));
        assertThatThrownBy(() -> writer(step -> {
                            if (step.contains(route.organization().toString())) {
                                throw new Killed();
                            }
                        })
                        .apply(change))
                .isInstanceOf(Killed.class);
        assertThat(nginx.served()).isEmpty();
        writer(Checkpoint.NONE).apply(change);
        assertThat(nginx.served()).hasSize(1);
    }

    private boolean killedAfter(int steps, List<Change> changes) {
        int[] left = {steps};
        try {
            writer(step -> {
                        if (left[0]-- == 0) {
                            throw new Killed();
                        }
                    })
                    .apply(changes);
            return false;
        } catch (Killed expected) {
            return true;
        }
    }

    private EdgeWriter writer(Checkpoint checkpoint) {
        return new EdgeWriter(Samples.settings(directory), files, nginx, Clock.systemUTC(), checkpoint);
    }

    private Map<String, String> live() {
        try (var all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> !file.startsWith(directory.resolve("staging")) && !file.endsWith("candidate.conf"))
                    .collect(Collectors.toMap(Path::toString, file -> files.read(
                                    directory.relativize(file).toString())
                            .orElseThrow()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<String, String> routeFiles() {
        return files.routeNames().stream()
                .collect(Collectors.toMap(name -> name, name -> files.read(name).orElseThrow()));
    }

    private String stagedFiles() {
        Path staging = directory.resolve("staging");
        try (var all = Files.walk(staging)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> staging.relativize(file).toString())
                    .sorted()
                    .collect(Collectors.joining(" "));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Route route(long generation) {
        return new Route(organization(), new Endpoint("127.0.0.1", 7101), new Generation(generation));
    }

    private static OrganizationId organization() {
        return new OrganizationId(UUID.randomUUID());
    }

    /** An error, not an exception: nothing may catch it, as nothing catches {@code kill -9}. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }
}
