package dev.ganymede.edge.nginx;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Asks the workers, over the socket in the edge's directory, which version they run. Blocking, bounded. */
final class StatusSocket {

    private static final Logger LOG = Logger.getLogger(StatusSocket.class);
    private static final int MAX_ANSWER_BYTES = 2048;
    private static final int OK = 200;

    private final Path socket;
    private final UnixHttp http;

    StatusSocket(Path socket, Duration timeout) {
        this.socket = socket;
        this.http = new UnixHttp(socket, timeout, MAX_ANSWER_BYTES);
    }

    /** Empty when nobody answers in time, or not with a version. */
    Optional<String> version() {
        return http.send("GET", "/", "").filter(answer -> answer.status() == OK).map(UnixHttp.Answer::body);
    }

    /** A socket file that nobody listens on would make nginx's start fail with "address already in use". */
    void removeIfAbandoned() {
        if (!Files.exists(socket)) {
            return;
        }
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            LOG.debugf("edge socket %s is in use, connected: %s", socket, http.connect(channel));
        } catch (ConnectException refused) {
            delete();
        } catch (IOException unknown) {
            LOG.warnf("edge socket %s: %s", socket, unknown.getMessage());
        }
    }

    private void delete() {
        try {
            Files.deleteIfExists(socket);
        } catch (IOException e) {
            LOG.warnf("edge socket %s cannot be removed: %s", socket, e.getMessage());
        }
    }
}
