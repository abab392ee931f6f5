package dev.ganymede.edge.nginx;

import static org.awaitility.Awaitility.await;

import dev.ganymede.certificate.TestCertificates;
import dev.ganymede.edge.EdgeRoutes;
import dev.ganymede.id.Domain;
import dev.ganymede.id.Endpoint;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;

/** A real nginx on free loopback ports, in a directory of its own, and the adapter that owns that directory. */
final class LocalEdge implements AutoCloseable {

    static final Domain DOMAIN = new Domain("edge.test");

    private static final EdgeLimits LIMITS = new EdgeLimits(80, 16, 500, 5000, Duration.ofDays(365));

    final Path directory;
    final EdgeSettings settings;
    final EdgeFiles files;
    final NginxProcess nginx;
    final TestCertificates certificates;

    LocalEdge(Path root, Endpoint... replicas) throws IOException {
        this(EdgeMode.RELOAD, LIMITS, root, replicas);
    }

    LocalEdge(EdgeMode mode, Path root, Endpoint... replicas) throws IOException {
        this(mode, LIMITS, root, replicas);
    }

    LocalEdge(EdgeMode mode, EdgeLimits limits, Path root, Endpoint... replicas) throws IOException {
        directory = root.resolve("edge");
        Files.createDirectories(directory);
        Files.createDirectories(root.resolve("frontend"));
        // JUnit's directories let nobody else pass, and nginx's workers are somebody else
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx--x--x"));
        boolean isRoot = "root".equals(System.getProperty("user.name"));
        settings = new EdgeSettings(
                DOMAIN,
                directory,
                root.resolve("frontend"),
                List.of("127.0.0.1"),
                freePort(),
                freePort(),
                List.of(replicas),
                isRoot ? "www-data" : "",
                limits,
                Duration.ofMinutes(1),
                mode == EdgeMode.LUA ? Optional.of(lua()) : Optional.empty());
        files = new EdgeFiles(directory, settings.workerUser());
        nginx = new NginxProcess("nginx", files, Duration.ofSeconds(10), Duration.ofSeconds(5));
        certificates = new TestCertificates(root.resolve("certificates"));
    }

    EdgeRoutes routes() {
        return routes(Checkpoint.NONE);
    }

    /** As a new process of Ganymede would find the directory. */
    EdgeRoutes routes(Checkpoint checkpoint) {
        return new NginxEdgeRoutes(
                certificates(),
                new EdgeWriter(settings, files, nginx, Clock.systemUTC(), checkpoint),
                nginx,
                files,
                new WorkerAccess(settings.workerUser()),
                1000);
    }

    private EdgeCertificates certificates() {
        CertificateFiles stored =
                new CertificateFiles(files, organization -> nginx.table().renewed(List.of(organization)));
        return new EdgeCertificates(certificates.issuer(), DOMAIN, stored, Clock.systemUTC());
    }

    /** Tests run where the scripts' packages are. */
    private static LuaSettings lua() {
        List<Path> modules =
                new LuaModule("nginx", Duration.ofSeconds(10)).find().orElseThrow();
        return new LuaSettings(modules, 16, 1000);
    }

    /** The same edge, told to listen somewhere else as well. */
    EdgeRoutes routesListeningOn(String address, int httpsPort) {
        EdgeSettings moved = new EdgeSettings(
                settings.domain(),
                directory,
                settings.frontendDirectory(),
                List.of("127.0.0.1", address),
                settings.httpPort(),
                httpsPort,
                settings.replicas(),
                settings.workerUser(),
                settings.limits(),
                settings.workerShutdownTimeout(),
                settings.lua());
        return new NginxEdgeRoutes(
                certificates(),
                new EdgeWriter(moved, files, nginx, Clock.systemUTC(), Checkpoint.NONE),
                nginx,
                files,
                new WorkerAccess(settings.workerUser()),
                1000);
    }

    void start() {
        run(
                "nginx",
                "-p",
                directory + "/",
                "-c",
                directory.resolve("nginx.conf").toString(),
                "-e",
                "stderr");
        soon().until(() -> nginx.version().isPresent());
        // one may answer before another has the title of a worker
        int workers = Runtime.getRuntime().availableProcessors();
        soon().until(() -> Workers.accepting(master()).size() >= workers);
    }

    /** What a script does before it starts nginx where one was killed. */
    void removeSockets() throws IOException {
        Files.deleteIfExists(directory.resolve(EdgeFiles.STATUS_SOCKET));
        Files.deleteIfExists(directory.resolve(EdgeFiles.CONTROL_SOCKET));
    }

    /** The master and its workers, without a word. */
    void kill() {
        ProcessHandle master = master();
        List<ProcessHandle> all =
                Stream.concat(Stream.of(master), master.children()).toList();
        all.forEach(ProcessHandle::destroyForcibly);
        soon().until(() -> all.stream().noneMatch(LocalEdge::runs));
    }

    /** Of what has ended, its parent may be slow to take note (a zombie); the sockets and files are closed by then. */
    private static boolean runs(ProcessHandle process) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
            return process.isAlive() && !stat.substring(stat.lastIndexOf(')')).startsWith(") Z");
        } catch (IOException gone) {
            return false;
        }
    }

    private static ConditionFactory soon() {
        return await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(10));
    }

    ProcessHandle master() {
        return Workers.master(directory.resolve("nginx.pid")).orElseThrow();
    }

    @Override
    public void close() {
        if (nginx.running()) {
            kill();
        }
    }

    static String run(String... command) {
        try {
            Path output = Files.createTempFile("edge", ".out");
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            boolean ended = process.waitFor(20, TimeUnit.SECONDS);
            String text = Files.readString(output, StandardCharsets.UTF_8);
            Files.delete(output);
            if (!ended || process.exitValue() != 0) {
                throw new AssertionError(String.join(" ", command) + ": " + text);
            }
            return text;
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
