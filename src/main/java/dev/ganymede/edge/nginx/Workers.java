package dev.ganymede.edge.nginx;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * nginx's processes as the kernel shows them. nginx writes into its process title what it is; a worker that closes its listening sockets says so there
 * first, and does nothing in between.
 */
final class Workers {

    private static final String MASTER = "nginx: master process";
    private static final String WORKER = "nginx: worker process";
    private static final String LEAVING = "shutting down";

    private Workers() {}

    /** The master that wrote this pid file, if it lives. A pid file outlives a killed nginx, and its number may be another process by now. */
    static Optional<ProcessHandle> master(Path pidFile) {
        try {
            long pid = Long.parseLong(Files.readString(pidFile).strip());
            return ProcessHandle.of(pid).filter(handle -> title(handle).startsWith(MASTER));
        } catch (IOException | NumberFormatException noPid) {
            return Optional.empty();
        }
    }

    /** The master that was started with this configuration, whatever became of its pid file; looks at every process there is. */
    static Optional<ProcessHandle> masterOf(Path configuration) {
        String started = " -c " + configuration;
        return ProcessHandle.allProcesses()
                .filter(handle -> (title(handle) + " ").contains(started + " "))
                .filter(handle -> title(handle).startsWith(MASTER))
                .findFirst();
    }

    /** Those that accept connections now. */
    static Set<ProcessHandle> accepting(ProcessHandle master) {
        return master.children().filter(Workers::accepts).collect(Collectors.toSet());
    }

    static boolean accepts(ProcessHandle worker) {
        String title = title(worker);
        return worker.isAlive() && title.startsWith(WORKER) && !title.contains(LEAVING);
    }

    private static String title(ProcessHandle process) {
        try {
            byte[] title = Files.readAllBytes(Path.of("/proc", Long.toString(process.pid()), "cmdline"));
            return new String(title, StandardCharsets.UTF_8).replace('\0', ' ').strip();
        } catch (IOException gone) {
            return "";
        }
    }
}
