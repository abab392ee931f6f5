package dev.ganymede.edge.nginx;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Asks the workers, over the socket in the edge's directory, which version they run. Blocking, bounded. */
final class StatusSocket {

    private static final Logger LOG = Logger.getLogger(StatusSocket.class);
    private static final byte[] REQUEST = "GET / HTTP/1.0\r\nHost: status\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int MAX_ANSWER_BYTES = 2048;

    private final Path socket;
    private final Duration timeout;

    StatusSocket(Path socket, Duration timeout) {
        this.socket = socket;
        this.timeout = timeout;
    }

    /** Empty when nobody answers in time, or not with a version. */
    Optional<String> version() {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
                Selector selector = Selector.open()) {
            if (!connect(channel)) {
                return Optional.empty();
            }
            channel.write(ByteBuffer.wrap(REQUEST));
            channel.register(selector, SelectionKey.OP_READ);
            return body(readToEnd(channel, selector));
        } catch (IOException nobodyThere) {
            return Optional.empty();
        }
    }

    /** A socket file that nobody listens on would make nginx's start fail with "address already in use". */
    void removeIfAbandoned() {
        if (!Files.exists(socket)) {
            return;
        }
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            LOG.debugf("edge socket %s is in use, connected: %s", socket, connect(channel));
        } catch (ConnectException refused) {
            delete();
        } catch (IOException unknown) {
            LOG.warnf("edge socket %s: %s", socket, unknown.getMessage());
        }
    }

    /**
     * A unix socket connects at once, or its listener's queue is full: then a blocking one would wait as long as its listener is frozen, and whoever asks holds the
     * edge's lock.
     */
    private boolean connect(SocketChannel channel) throws IOException {
        channel.configureBlocking(false);
        return channel.connect(UnixDomainSocketAddress.of(socket));
    }

    private void delete() {
        try {
            Files.deleteIfExists(socket);
        } catch (IOException e) {
            LOG.warnf("edge socket %s cannot be removed: %s", socket, e.getMessage());
        }
    }

    private String readToEnd(SocketChannel channel, Selector selector) throws IOException {
        long deadline = System.nanoTime() + timeout.toNanos();
        ByteBuffer answer = ByteBuffer.allocate(MAX_ANSWER_BYTES);
        while (answer.hasRemaining()) {
            long leftMillis = (deadline - System.nanoTime()) / 1_000_000;
            if (leftMillis <= 0) {
                throw new IOException("no answer in time");
            }
            selector.select(leftMillis);
            selector.selectedKeys().clear();
            if (channel.read(answer) < 0) {
                break;
            }
        }
        return StandardCharsets.US_ASCII.decode(answer.flip()).toString();
    }

    private static Optional<String> body(String answer) {
        int end = answer.indexOf("\r\n\r\n");
        boolean ok = answer.startsWith("HTTP/1.1 200 ") && end > 0;
        return ok ? Optional.of(answer.substring(end + 4).strip()) : Optional.empty();
    }
}
