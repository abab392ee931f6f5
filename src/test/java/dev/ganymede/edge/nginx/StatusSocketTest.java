package dev.ganymede.edge.nginx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class StatusSocketTest {

    private static final int MANY = 64;

    @TempDir
    Path directory;

    private final List<SocketChannel> waiting = new ArrayList<>();

    @AfterEach
    void leave() throws IOException {
        for (SocketChannel channel : waiting) {
            channel.close();
        }
    }

    @Test
    void readsTheVersion() throws Exception {
        try (ServerSocketChannel listener = listening(5)) {
            Thread server = new Thread(() -> answer(listener, "HTTP/1.1 200 OK\r\n\r\nthe-version"));
            server.start();
            assertThat(new StatusSocket(path(), Duration.ofSeconds(15)).version())
                    .contains("the-version");
            server.join();
        }
    }

    /** As a nginx that is stopped (SIGSTOP), or whose disk hangs, once enough have asked it. */
    @Test
    void aListenerWhoseQueueIsFullIsNoAnswerRatherThanAnEndlessWait() throws IOException {
        try (ServerSocketChannel listener = listening(1)) {
            fillQueue();
            StatusSocket status = new StatusSocket(path(), Duration.ofMillis(200));
            assertThat(status.version()).isEmpty();
            status.removeIfAbandoned();
            assertThat(path()).exists();
            assertThat(listener.isOpen()).isTrue();
        }
    }

    @Test
    void aListenerThatAcceptsNothingIsNoAnswer() throws IOException {
        try (ServerSocketChannel listener = listening(5)) {
            assertThat(new StatusSocket(path(), Duration.ofMillis(50)).version())
                    .isEmpty();
            assertThat(listener.isOpen()).isTrue();
        }
    }

    @Test
    void onlyASocketThatNobodyListensOnIsRemoved() throws IOException {
        StatusSocket status = new StatusSocket(path(), Duration.ofMillis(50));
        status.removeIfAbandoned();
        try (ServerSocketChannel listener = listening(5)) {
            status.removeIfAbandoned();
            assertThat(path()).exists();
            assertThat(listener.isOpen()).isTrue();
        }
        assertThat(Files.exists(path())).isTrue();
        status.removeIfAbandoned();
        assertThat(path()).doesNotExist();
    }

    private void fillQueue() throws IOException {
        for (int i = 0; i < MANY; i++) {
            SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            waiting.add(channel);
            channel.configureBlocking(false);
            try {
                channel.connect(UnixDomainSocketAddress.of(path()));
            } catch (SocketException full) {
                return;
            }
        }
        throw new AssertionError("the queue takes more than " + MANY);
    }

    private ServerSocketChannel listening(int backlog) throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(UnixDomainSocketAddress.of(path()), backlog);
        return listener;
    }

    private static void answer(ServerSocketChannel listener, String text) {
        try (SocketChannel client = listener.accept()) {
            client.read(ByteBuffer.allocate(1024));
            client.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
        } catch (IOException ended) {
            // the test fails for want of an answer
        }
    }

    private Path path() {
        return directory.resolve("status.sock");
    }
}
