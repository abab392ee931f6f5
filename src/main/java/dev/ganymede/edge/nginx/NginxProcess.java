package dev.ganymede.edge.nginx;

import dev.ganymede.edge.EdgeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/** The real nginx: its command for the test and the signal, its status socket and its processes for the proof. */
final class NginxProcess implements NginxControl {

    private static final Logger LOG = Logger.getLogger(NginxProcess.class);
    private static final String OTHER_SOCKET = "status-2.sock";
    private static final String OTHER_CONTROL_SOCKET = EdgeFiles.CONTROL + "/lua-2.sock";
    private static final Duration STATUS_TIMEOUT = Duration.ofMillis(500);
    /** Enough for all routes at once. */
    private static final Duration TABLE_TIMEOUT = Duration.ofSeconds(2);

    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(3);

    private final String binary;
    private final EdgeFiles files;
    private final Command command;
    private final Duration reloadTimeout;
    private final StatusSocket status;
    private final StatusSocket control;
    private final RouteTable table;

    NginxProcess(String binary, EdgeFiles files, Duration commandTimeout, Duration reloadTimeout) {
        this.binary = binary;
        this.files = files;
        this.command = new Command(commandTimeout);
        this.reloadTimeout = reloadTimeout;
        this.status = new StatusSocket(files.path(EdgeFiles.STATUS_SOCKET), STATUS_TIMEOUT);
        this.control = new StatusSocket(files.path(EdgeFiles.CONTROL_SOCKET), STATUS_TIMEOUT);
        this.table = new LuaRouteTable(files.path(EdgeFiles.CONTROL_SOCKET), TABLE_TIMEOUT);
    }

    @Override
    public void check(Path configuration) {
        Command.Result result = run(configuration, "-q", "-t");
        if (result.exitCode() != 0) {
            throw new RefusedByNginx(result.output());
        }
    }

    @Override
    public void tidy() {
        master().ifPresentOrElse(this::list, this::removeAbandonedSockets);
    }

    private void removeAbandonedSockets() {
        status.removeIfAbandoned();
        control.removeIfAbandoned();
    }

    /** nginx writes its pid file at its start only, and every signal goes by that file. */
    private void list(ProcessHandle master) {
        if (!listed()) {
            LOG.warnf("the edge's pid file is lost or says nothing, it names process %d again", master.pid());
            files.replace(EdgeFiles.PID, master.pid() + "\n");
        }
    }

    @Override
    public boolean running() {
        return master().isPresent();
    }

    @Override
    public boolean listed() {
        return Workers.master(files.path(EdgeFiles.PID)).isPresent();
    }

    @Override
    public Optional<String> version() {
        return status.version();
    }

    @Override
    public RouteTable table() {
        return table;
    }

    @Override
    public void reload(String version) {
        ProcessHandle master = master().orElseThrow(() -> new EdgeException("edge is not running"));
        if (isOutOfReach()) {
            listenAnew(master);
        }
        Set<ProcessHandle> old = Workers.accepting(master);
        signal(master);
        waitFor(master, version, () -> isOnlyVersion(version, old));
    }

    /**
     * nginx keeps a socket that it listens on already, even when its name was removed and nobody can reach it. So it is told to listen on another one for a
     * moment. Killed in between, the configuration differs from what it should be, and the next {@code ensure} repairs it.
     */
    private void listenAnew(ProcessHandle master) {
        LOG.warn("a socket of the edge is gone, nginx is told to make it again");
        String main = files.read(EdgeFiles.MAIN).orElseThrow(() -> new EdgeException("the edge has no configuration"));
        String other = files.path(OTHER_SOCKET).toString();
        files.replace(
                EdgeFiles.MAIN,
                main.replace(files.path(EdgeFiles.STATUS_SOCKET).toString(), other)
                        .replace(
                                files.path(EdgeFiles.CONTROL_SOCKET).toString(),
                                files.path(OTHER_CONTROL_SOCKET).toString()));
        try {
            signal(master);
            StatusSocket there = new StatusSocket(files.path(OTHER_SOCKET), STATUS_TIMEOUT);
            waitFor(master, "with another socket", () -> there.version().isPresent());
        } finally {
            files.replace(EdgeFiles.MAIN, main);
        }
    }

    private boolean isOutOfReach() {
        boolean controlled = files.read(EdgeFiles.MAIN)
                .filter(main ->
                        main.contains(files.path(EdgeFiles.CONTROL_SOCKET).toString()))
                .isPresent();
        return !Files.exists(files.path(EdgeFiles.STATUS_SOCKET))
                || controlled && !Files.exists(files.path(EdgeFiles.CONTROL_SOCKET));
    }

    private void signal(ProcessHandle master) {
        list(master);
        Command.Result result = run(files.path(EdgeFiles.SIGNAL), "-s", "reload");
        if (result.exitCode() != 0) {
            throw new EdgeException("nginx cannot be told to reload: " + result.output());
        }
    }

    private void waitFor(ProcessHandle master, String version, BooleanSupplier done) {
        long deadline = System.nanoTime() + reloadTimeout.toNanos();
        while (!done.getAsBoolean()) {
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
        return Workers.master(files.path(EdgeFiles.PID)).or(() -> Workers.masterOf(files.path(EdgeFiles.MAIN)));
    }

    private Command.Result run(Path configuration, String... arguments) {
        List<String> line = new ArrayList<>(
                List.of(binary, "-p", files.path("") + "/", "-c", configuration.toString(), "-e", "stderr"));
        line.addAll(List.of(arguments));
        return command.run(line);
    }
}
