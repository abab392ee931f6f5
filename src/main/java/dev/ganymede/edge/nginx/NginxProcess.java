package dev.ganymede.edge.nginx;

import dev.ganymede.edge.EdgeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The real nginx: its command for the test and the signal, its status socket and its processes for the proof. */
final class NginxProcess implements NginxControl {

    private static final Duration STATUS_TIMEOUT = Duration.ofMillis(500);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(3);

    private final String binary;
    private final EdgeFiles files;
    private final Command command;
    private final Duration reloadTimeout;
    private final StatusSocket status;

    NginxProcess(String binary, EdgeFiles files, Duration commandTimeout, Duration reloadTimeout) {
        this.binary = binary;
        this.files = files;
        this.command = new Command(commandTimeout);
        this.reloadTimeout = reloadTimeout;
        this.status = new StatusSocket(files.path(EdgeFiles.STATUS_SOCKET), STATUS_TIMEOUT);
    }

    @Override
    public void check(Path configuration) {
        nginx("refuses the configuration", configuration, "-q", "-t");
    }

    @Override
    public void clearWayForStart() {
        if (!running()) {
            status.removeIfAbandoned();
        }
    }

    @Override
    public boolean running() {
        return master().isPresent();
    }

    @Override
    public Optional<String> version() {
        return status.version();
    }

    @Override
    public void reload(String version) {
        ProcessHandle master = master().orElseThrow(() -> new EdgeException("edge is not running"));
        Set<ProcessHandle> old = Workers.accepting(master);
        nginx("cannot be told to reload", files.path(EdgeFiles.SIGNAL), "-s", "reload");
        long deadline = System.nanoTime() + reloadTimeout.toNanos();
        while (!isOnlyVersion(version, old)) {
            if (!master.isAlive()) {
                throw new EdgeException("the edge ended while it reloaded");
            }
            if (System.nanoTime() > deadline) {
                throw new EdgeException("the edge does not run version " + version + " " + reloadTimeout.toMillis()
                        + " ms after the reload; its error log says why");
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    /** The new workers answer, and none of the old ones takes connections any more (nginx tells them 100 ms later). */
    private boolean isOnlyVersion(String version, Set<ProcessHandle> old) {
        return old.stream().noneMatch(Workers::accepts) && version().equals(Optional.of(version));
    }

    private Optional<ProcessHandle> master() {
        return Workers.master(files.path(EdgeFiles.PID));
    }

    private void nginx(String failure, Path configuration, String... arguments) {
        List<String> line = new ArrayList<>(
                List.of(binary, "-p", files.path("") + "/", "-c", configuration.toString(), "-e", "stderr"));
        line.addAll(List.of(arguments));
        Command.Result result = command.run(line);
        if (result.exitCode() != 0) {
            throw new EdgeException("nginx " + failure + ": " + result.output());
        }
    }
}
