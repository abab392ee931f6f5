package dev.ganymede.faults;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Ganymede's process: the environment's own copy of the service with the environment's settings, its pid file and log where the scripts have them.
 *
 * <p>The classes come from a class data archive, made once: the hundred restarts take half the time.
 */
final class Service {

    private static final String MAIN = "dev.ganymede.app.Ganymede";
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private final Environment environment;
    private final Api api;
    private final Path pidFile;
    private final Path archive;

    Service(Environment environment, Api api) {
        this.environment = environment;
        this.api = api;
        this.pidFile = environment.directory().resolve("run/ganymede.pid");
        this.archive = environment.directory().resolve("service.jsa");
    }

    /** Without warning, and gone when this returns. */
    void kill() {
        process().ifPresent(process -> {
            process.destroyForcibly();
            process.onExit().orTimeout(10, TimeUnit.SECONDS).join();
        });
    }

    /** Returns once it is live, with the time that it took. */
    Duration start() {
        long begun = System.nanoTime();
        launch(Files.exists(archive) ? List.of("-XX:SharedArchiveFile=" + archive) : List.of());
        awaitLive();
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    void ensureRunning() {
        if (process().isEmpty()) {
            start();
        }
    }

    /** Every class that one run needs, for the runs that follow. */
    void prepareRestarts() {
        if (Files.exists(archive)) {
            return;
        }
        kill();
        launch(List.of("-XX:ArchiveClassesAtExit=" + archive));
        awaitLive();
        api.get("/gateway/pool");
        ProcessHandle running = process().orElseThrow();
        running.destroy();
        running.onExit().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
        start();
    }

    Optional<ProcessHandle> process() {
        try {
            String[] pidAndStart = Files.readString(pidFile).strip().split(" ");
            return ProcessHandle.of(Long.parseLong(pidAndStart[0]))
                    .filter(ProcessHandle::isAlive)
                    .filter(process -> startTime(process.pid()).equals(pidAndStart[1]));
        } catch (IOException none) {
            return Optional.empty();
        }
    }

    private void launch(List<String> options) {
        List<String> command = new ArrayList<>(List.of("setsid", java(), "-XX:MaxRAMPercentage=25"));
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        command.addAll(options);
        command.addAll(List.of("-cp", classPath(), MAIN));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(environment.directory().toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(environment.log().toFile()));
        builder.environment().putAll(environment.settings());
        try {
            long pid = builder.start().pid();
            Files.writeString(pidFile, pid + " " + startTime(pid) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitLive() {
        await("Ganymede is live; see " + environment.log())
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> api.call("GET", "/q/health/live", null).status() == 200);
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** What quarkus-run.jar would load, as a plain class path: only those classes can be archived. */
    private String classPath() {
        Path service = environment.directory().resolve("service");
        List<String> jars = new ArrayList<>(List.of(
                service.resolve("quarkus/transformed-bytecode.jar").toString(),
                service.resolve("quarkus/generated-bytecode.jar").toString()));
        for (String directory : List.of("app", "lib/boot", "lib/main")) {
            try (Stream<Path> files = Files.list(service.resolve(directory))) {
                files.map(Path::toString).sorted().forEach(jars::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return String.join(":", jars);
    }

    /** Field 22 of the process' stat file, as scripts/lib/process.sh has it. */
    private static String startTime(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            return stat.substring(stat.lastIndexOf(')') + 2).split(" ")[19];
        } catch (IOException ended) {
            return "";
        }
    }
}
