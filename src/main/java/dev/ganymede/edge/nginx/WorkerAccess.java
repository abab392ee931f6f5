package dev.ganymede.edge.nginx;

import dev.ganymede.edge.EdgeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * Asks the system, as nginx's workers, whether they can read the certificates: a directory above that they may not enter (a home directory, say) would
 * otherwise show only as failing handshakes. Blocking.
 */
final class WorkerAccess {

    private static final Logger LOG = Logger.getLogger(WorkerAccess.class);
    private static final int NOT_READABLE = 1;

    private final String workerUser;
    private final Command command = new Command(Duration.ofSeconds(5));

    WorkerAccess(String workerUser) {
        this.workerUser = workerUser;
    }

    void verify(Path certificate) {
        if (workerUser.isEmpty() || workerUser.equals("root")) {
            return;
        }
        Command.Result result;
        try {
            result = command.run(List.of(
                    "setpriv",
                    "--reuid",
                    workerUser,
                    "--regid",
                    workerUser,
                    "--clear-groups",
                    "test",
                    "-r",
                    certificate.toString()));
        } catch (EdgeException withoutSetpriv) {
            LOG.debugf("access of %s is not verified: %s", workerUser, withoutSetpriv.getMessage());
            return;
        }
        if (result.exitCode() == NOT_READABLE) {
            throw new EdgeException(workerUser + ", whom nginx's workers run as, cannot read " + certificate
                    + ": every directory above it must let them pass (chmod o+x), or set ganymede.edge.worker-user");
        }
    }
}
