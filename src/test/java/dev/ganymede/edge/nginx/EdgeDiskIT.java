package dev.ganymede.edge.nginx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ganymede.edge.EdgeException;
import dev.ganymede.edge.EdgeRoutes;
import dev.ganymede.edge.Route;
import dev.ganymede.id.Generation;
import dev.ganymede.id.OrganizationId;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No room, or no permission, where the edge's files are: what was served is served on, and it heals. */
class EdgeDiskIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path root;

    private final Vertx vertx = Vertx.vertx();
    private SmallDisk disk;

    @BeforeEach
    void mount() throws Exception {
        disk = new SmallDisk(root, 512);
    }

    @AfterEach
    void unmount() throws Exception {
        disk.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void aFullDiskFailsTheChangeAndNothingElse() throws Exception {
        Gateway gateway = new Gateway(vertx);
        try (LocalEdge local = new LocalEdge(root, gateway.endpoint())) {
            EdgeRoutes edge = local.routes();
            run(edge.ensure());
            local.start();
            Visitor visitor = new Visitor(vertx, local.settings, local.certificates.rootPem());
            Route standing = route(gateway);
            run(edge.publish(standing));

            disk.fill();
            Route next = route(gateway);
            assertThatThrownBy(() -> run(edge.publish(next))).isInstanceOf(EdgeException.class);
            assertThatThrownBy(() -> run(edge.replaceAll(List.of()))).isInstanceOf(EdgeException.class);
            assertThat(run(edge.published())).isEqualTo(Map.of(standing.organization(), standing));
            assertThat(status(visitor, standing)).isEqualTo(200);
            assertThat(leftBehind(local.directory)).isEmpty();

            disk.makeRoom();
            run(edge.publish(next));
            assertThat(status(visitor, standing)).isEqualTo(200);
            assertThat(status(visitor, next)).isEqualTo(200);
        }
    }

    @Test
    void aReadOnlyDiskFailsTheChangeAndNothingElse() throws Exception {
        EdgeFiles files = new EdgeFiles(root, "");
        FakeNginx nginx = new FakeNginx(files);
        EdgeWriter writer = new EdgeWriter(Samples.settings(root), files, nginx, Clock.systemUTC(), Checkpoint.NONE);
        writer.apply(List.of(new Change.Ensure("base\n")));
        Route standing = route(new Gateway(vertx));
        writer.apply(List.of(new Change.Publish(standing)));

        disk.readOnly(true);
        List<Change> change = List.of(new Change.Withdraw(standing.organization()));
        assertThatThrownBy(() -> writer.apply(change)).isInstanceOf(EdgeException.class);
        assertThat(writer.published()).isEqualTo(Map.of(standing.organization(), standing));
        assertThat(nginx.served()).hasSize(1);

        disk.readOnly(false);
        writer.apply(change);
        assertThat(nginx.served()).isEmpty();
    }

    /** Whatever the step at which the room ends, what stands is what was served, and whole. */
    @Test
    void roomThatEndsInTheMiddleLeavesNothingHalf() throws Exception {
        EdgeFiles files = new EdgeFiles(root, "");
        FakeNginx nginx = new FakeNginx(files);
        Route standing = route(new Gateway(vertx));
        writer(files, nginx, Checkpoint.NONE).apply(List.of(new Change.Ensure("base\n"), new Change.Publish(standing)));
        for (String step : List.of("stage", "test", "version", "write upstreams.conf")) {
            nginx.failReloads(1);
            Route moved = new Route(standing.organization(), new Gateway(vertx).endpoint(), new Generation(2));
            assertThatThrownBy(() -> writer(files, nginx, fillAfter(step)).apply(List.of(new Change.Publish(moved))))
                    .isInstanceOf(EdgeException.class);
            nginx.failReloads(0);
            disk.makeRoom();
            writer(files, nginx, Checkpoint.NONE).apply(List.of(new Change.ReplaceAll("base\n", List.of(standing))));
            assertThat(nginx.served()).hasSize(1);
            assertThat(nginx.version()).isPresent();
            assertThat(leftBehind(root)).isEmpty();
        }
    }

    private EdgeWriter writer(EdgeFiles files, NginxControl nginx, Checkpoint checkpoint) {
        return new EdgeWriter(Samples.settings(root), files, nginx, Clock.systemUTC(), checkpoint);
    }

    private Checkpoint fillAfter(String step) {
        return reached -> {
            if (reached.equals(step)) {
                try {
                    disk.fill();
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            }
        };
    }

    private static int status(Visitor visitor, Route route) {
        return visitor.get(LocalEdge.DOMAIN.organization(route.organization()), "/")
                .status();
    }

    private static List<String> leftBehind(Path directory) throws Exception {
        try (Stream<Path> all = Stream.concat(
                Files.walk(directory.resolve(EdgeFiles.STAGING)),
                Files.walk(directory.resolve(EdgeFiles.CERTIFICATES)))) {
            return all.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .filter(name -> !name.equals("base.pem") && !name.startsWith("org-"))
                    // what the last change that worked tested with
                    .filter(name -> !name.equals("routes.list") && !name.equals("nginx.pid"))
                    .toList();
        }
    }

    private static Route route(Gateway gateway) {
        return new Route(new OrganizationId(UUID.randomUUID()), gateway.endpoint(), new Generation(1));
    }

    private static <T> T run(Uni<T> call) {
        return call.await().atMost(PATIENCE);
    }
}
