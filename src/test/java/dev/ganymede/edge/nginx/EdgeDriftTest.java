package dev.ganymede.edge.nginx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ganymede.edge.EdgeException;
import dev.ganymede.edge.Route;
import dev.ganymede.id.Endpoint;
import dev.ganymede.id.Generation;
import dev.ganymede.id.OrganizationId;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The directory follows what was published, whatever is done to it by hand. */
class EdgeDriftTest {

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
        writer = newWriter();
        writer.apply(ENSURE);
        writer.apply(List.of(new Change.Publish(standing)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"}}} garbage", "", "another gw_127.0.0.1_7101@1;\n", "\u0000\u0001"})
    void aCorruptedRouteIsWhatItWasAfterTheNextLook(String garbage) throws IOException {
        Files.writeString(fileOf(standing), garbage);

        writer.apply(ENSURE);

        assertThat(writer.published()).isEqualTo(Map.of(standing.organization(), standing));
        assertThat(nginx.served()).containsOnlyKeys(RouteFile.name(standing.organization()));
        assertThat(rejected()).hasSize(1).first().satisfies(kept -> assertThat(Files.readString(kept))
                .isEqualTo(garbage));
    }

    @Test
    void aRouteThatWasRemovedOrBentByHandIsWhatItWasAfterTheNextLook() throws IOException {
        Route bent = route(7102);
        writer.apply(List.of(new Change.Publish(bent)));
        Files.delete(fileOf(standing));
        Files.writeString(fileOf(bent), Files.readString(fileOf(bent)).replace("7102", "7999"));

        writer.apply(ENSURE);

        assertThat(writer.published()).isEqualTo(Map.of(standing.organization(), standing, bent.organization(), bent));
        assertThat(Files.readString(files.path(EdgeFiles.UPSTREAMS))).doesNotContain("7999");
    }

    /** Too many open files, a bad sector, a right that was taken: the route is none the worse, and another process may have written it. */
    @Test
    void aRouteThatCannotBeReadForAMomentStaysWhereItIs() throws IOException {
        boolean[] failing = {true};
        EdgeFiles flaky = new EdgeFiles(directory, "", file -> {
            if (failing[0] && file.equals(fileOf(standing))) {
                throw new FileSystemException(file.toString(), null, "Too many open files");
            }
            return Files.readString(file);
        });
        EdgeWriter other =
                new EdgeWriter(Samples.settings(directory), flaky, nginx, Clock.systemUTC(), Checkpoint.NONE);

        assertThatThrownBy(() -> other.apply(ENSURE)).isInstanceOf(EdgeException.class);
        assertThatThrownBy(other::published).isInstanceOf(EdgeException.class);
        assertThat(fileOf(standing)).exists();
        assertThat(rejected()).isEmpty();

        failing[0] = false;
        other.apply(ENSURE);
        assertThat(other.published()).isEqualTo(Map.of(standing.organization(), standing));
        assertThat(nginx.served()).containsOnlyKeys(RouteFile.name(standing.organization()));
    }

    @Test
    void whatIsNoTextTooLargeOrALinkIsNoRoute() throws IOException {
        Files.write(fileOf(standing), new byte[] {(byte) 0xff, (byte) 0xfe});
        writer.apply(ENSURE);
        try (RandomAccessFile huge = new RandomAccessFile(fileOf(standing).toFile(), "rw")) {
            huge.setLength(17 * 1024 * 1024);
        }
        writer.apply(ENSURE);
        Path elsewhere = Files.move(fileOf(standing), directory.resolve("elsewhere"));
        Files.createSymbolicLink(fileOf(standing), elsewhere);
        writer.apply(ENSURE);

        assertThat(rejected()).hasSize(3);
        assertThat(fileOf(standing)).isRegularFile();
        assertThat(Files.isSymbolicLink(fileOf(standing))).isFalse();
        assertThat(writer.published()).isEqualTo(Map.of(standing.organization(), standing));
    }

    @Test
    void aRouteThatWasAddedByHandGoesWithTheNextLook() throws IOException {
        Route added = route(7103);
        Files.writeString(fileOf(added), Files.readString(fileOf(standing)).replace(id(standing), id(added)));

        writer.apply(ENSURE);

        assertThat(writer.published()).isEqualTo(Map.of(standing.organization(), standing));
        assertThat(nginx.served()).containsOnlyKeys(RouteFile.name(standing.organization()));
    }

    @Test
    void anotherProcessKeepsWhatItCanReadAndPutsTheRestAside() throws IOException {
        Route broken = route(7104);
        writer.apply(List.of(new Change.Publish(broken)));
        Files.writeString(fileOf(broken), "garbage");

        newWriter().apply(ENSURE);

        assertThat(writer.published()).isEqualTo(Map.of(standing.organization(), standing));
        assertThat(rejected()).hasSize(1);
    }

    @Test
    void whatIsNoRouteIsPutAsideByAnyChange() throws IOException {
        Path routes = directory.resolve("routes");
        Files.writeString(routes.resolve("readme.txt"), "not ours");
        Files.createDirectories(routes.resolve("backup/deep"));
        Files.createSymbolicLink(routes.resolve("link"), directory.resolve("nowhere"));

        writer.apply(List.of(new Change.Publish(route(7105))));

        try (Stream<Path> left = Files.list(routes)) {
            assertThat(left).hasSize(2).allMatch(Files::isRegularFile);
        }
        assertThat(rejected()).hasSize(3);
    }

    /** nginx would refuse every change for it. */
    @Test
    void aCorruptedRouteDoesNotKeepOthersFromChanging() throws IOException {
        Files.writeString(fileOf(standing), "}}} garbage");
        Path unknown = directory.resolve(RouteFile.name(new OrganizationId(UUID.randomUUID())));
        Files.createDirectory(unknown);
        Route next = route(7106);

        writer.apply(List.of(new Change.Publish(next)));

        assertThat(writer.published()).isEqualTo(Map.of(standing.organization(), standing, next.organization(), next));
        assertThat(nginx.served()).hasSize(2);
        assertThat(unknown).doesNotExist();
    }

    @Test
    void aChangeThatNginxRefusesForItselfIsStillRefused() {
        nginx.refuseConfigurations(true);
        assertThatThrownBy(() -> writer.apply(List.of(new Change.Publish(route(7107)))))
                .isInstanceOf(EdgeException.class);
        assertThat(writer.published()).isEqualTo(Map.of(standing.organization(), standing));
    }

    @Test
    void rejectedFilesAreKeptInALimitedNumber() throws IOException {
        for (int i = 0; i < RejectedFiles.MAX_KEPT + 5; i++) {
            Files.writeString(directory.resolve("routes/stranger-" + i), "");
        }
        writer.apply(ENSURE);
        assertThat(rejected()).hasSize(RejectedFiles.MAX_KEPT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nginx.conf", "signal.conf", "upstreams.conf", "version.conf", "certs/base.pem"})
    void everyOtherFileIsRepairedToo(String name) throws IOException {
        String right = Files.readString(files.path(name));
        int before = nginx.reloads();

        Files.writeString(files.path(name), "broken by hand; ");
        writer.apply(ENSURE);
        assertRepaired(name, right);

        Files.delete(files.path(name));
        writer.apply(ENSURE);
        assertRepaired(name, right);

        Files.delete(files.path(name));
        Files.createDirectory(files.path(name));
        writer.apply(ENSURE);
        assertRepaired(name, right);
        assertThat(nginx.reloads()).isEqualTo(before + 3);
    }

    @Test
    void upstreamsAlteredByHandAreRepairedByAnyChange() throws IOException {
        Files.writeString(files.path(EdgeFiles.UPSTREAMS), "upstream gw_evil { server 192.0.2.1; }");
        writer.apply(List.of(new Change.Publish(standing)));
        assertThat(Files.readString(files.path(EdgeFiles.UPSTREAMS)))
                .contains("server 127.0.0.1:7101;")
                .doesNotContain("192.0.2.1");
    }

    @Test
    void aWipedDirectoryComesBack() throws IOException {
        wipe();
        writer.apply(ENSURE);
        assertThat(writer.published()).isEmpty();
        assertThat(nginx.served()).isEmpty();

        writer.apply(List.of(new Change.Publish(standing)));
        assertThat(nginx.served()).containsOnlyKeys(RouteFile.name(standing.organization()));

        nginx.stop();
        wipe();
        writer.apply(ENSURE);
        writer.apply(List.of(new Change.Publish(standing)));
        nginx.start();
        assertThat(nginx.served()).containsOnlyKeys(RouteFile.name(standing.organization()));
    }

    private void assertRepaired(String name, String right) throws IOException {
        String found = Files.readString(files.path(name));
        if (name.equals(EdgeFiles.VERSION)) {
            assertThat(EdgeTemplates.versionIn(found))
                    .isEqualTo(nginx.version())
                    .isPresent();
        } else {
            assertThat(found).isEqualTo(right);
        }
        assertThat(writer.published()).isEqualTo(Map.of(standing.organization(), standing));
    }

    private void wipe() throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                if (!file.equals(directory)) {
                    Files.delete(file);
                }
            }
        }
    }

    private List<Path> rejected() throws IOException {
        Path aside = directory.resolve(RejectedFiles.DIRECTORY);
        if (!Files.exists(aside)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(aside)) {
            return all.toList();
        }
    }

    private EdgeWriter newWriter() {
        return new EdgeWriter(Samples.settings(directory), files, nginx, Clock.systemUTC(), Checkpoint.NONE);
    }

    private Path fileOf(Route route) {
        return files.path(RouteFile.name(route.organization()));
    }

    private static String id(Route route) {
        return route.organization().toString();
    }

    private static Route route(int port) {
        return new Route(new OrganizationId(UUID.randomUUID()), new Endpoint("127.0.0.1", port), new Generation(1));
    }
}
