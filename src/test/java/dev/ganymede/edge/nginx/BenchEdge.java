package dev.ganymede.edge.nginx;

import dev.ganymede.certificate.CertificateIssuer;
import dev.ganymede.edge.Route;
import dev.ganymede.id.Domain;
import dev.ganymede.id.Endpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** An edge in a directory of its own, as Ganymede would have it, for measurements: the adapter and its nginx, without the rest of Ganymede. */
public final class BenchEdge implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final EdgeSettings settings;
    private final NginxProcess nginx;
    private final EdgeCertificates certificates;
    private final EdgeWriter writer;

    /** @param lua whether nginx is told, or reloaded */
    public BenchEdge(Path directory, String domain, int httpPort, int httpsPort, boolean lua, CertificateIssuer issuer)
            throws IOException {
        Files.createDirectories(directory.resolve("frontend"));
        boolean isRoot = "root".equals(System.getProperty("user.name"));
        settings = new EdgeSettings(
                new Domain(domain),
                directory,
                directory.resolve("frontend"),
                List.of("127.0.0.1"),
                httpPort,
                httpsPort,
                List.of(new Endpoint("127.0.0.1", httpPort)),
                isRoot ? "www-data" : "",
                new EdgeLimits(80, 16, 0, 0, Duration.ZERO),
                Duration.ofMinutes(10),
                lua ? Optional.of(lua()) : Optional.empty());
        EdgeFiles files = new EdgeFiles(directory, settings.workerUser());
        nginx = new NginxProcess("nginx", files, TIMEOUT, TIMEOUT);
        certificates = new EdgeCertificates(issuer, settings.domain(), new CertificateFiles(files), Clock.systemUTC());
        writer = new EdgeWriter(settings, files, nginx, Clock.systemUTC(), Checkpoint.NONE);
    }

    /** As {@link dev.ganymede.edge.EdgeRoutes}, without its queue and its guard. */
    public void ensure() {
        writer.apply(List.of(new Change.Ensure(certificates.basePem().await().atMost(TIMEOUT))));
    }

    public void publish(Route route) {
        certificates.ensure(route.organization()).await().atMost(TIMEOUT);
        writer.apply(List.of(new Change.Publish(route)));
    }

    public void replaceAll(List<Route> routes) {
        certificates
                .ensure(routes.stream().map(Route::organization).toList())
                .await()
                .atMost(TIMEOUT.multipliedBy(10));
        writer.apply(
                List.of(new Change.ReplaceAll(certificates.basePem().await().atMost(TIMEOUT), routes)));
    }

    /** Starts nginx on what stands in the directory. */
    public void start() throws IOException, InterruptedException {
        Path directory = settings.directory();
        int status = new ProcessBuilder(
                        "nginx",
                        "-p",
                        directory + "/",
                        "-c",
                        directory.resolve(EdgeFiles.MAIN).toString(),
                        "-e",
                        "stderr")
                .inheritIO()
                .start()
                .waitFor();
        if (status != 0) {
            throw new IllegalStateException("nginx does not start");
        }
    }

    /** nginx's workers, those of older configurations included. */
    public long workers() {
        return master().stream().flatMap(ProcessHandle::children).count();
    }

    @Override
    public void close() {
        master().ifPresent(master -> {
            List<ProcessHandle> all = master.children().toList();
            master.destroyForcibly();
            all.forEach(ProcessHandle::destroyForcibly);
            all.forEach(process -> process.onExit().join());
        });
    }

    private Optional<ProcessHandle> master() {
        return Workers.master(settings.directory().resolve(EdgeFiles.PID));
    }

    private static LuaSettings lua() {
        List<Path> modules = new LuaModule("nginx", TIMEOUT)
                .find()
                .orElseThrow(() -> new IllegalStateException("nginx has no Lua module"));
        return new LuaSettings(modules, 32, 10_000);
    }
}
