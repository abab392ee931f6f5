package dev.ganymede.container.docker;

import java.io.Closeable;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A unix socket that accepts, waits for a request, says what it was told to say, and then stays silent until closed. */
final class ScriptedEngine implements Closeable {

    private final Path path;
    private final String script;
    private final ServerSocketChannel listener;
    private final AtomicInteger requests = new AtomicInteger();
    private final CountDownLatch closed = new CountDownLatch(1);

    ScriptedEngine(Path path, String script) throws IOException {
        this.path = path;
        this.script = script;
        listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(UnixDomainSocketAddress.of(path));
        daemon(this::accept).start();
    }

    int requests() {
        return requests.get();
    }

    URI uri() {
        return URI.create("unix://" + path);
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "scripted-engine");
        thread.setDaemon(true);
        return thread;
    }

    private void accept() {
        while (listener.isOpen()) {
            try {
                SocketChannel client = listener.accept();
                daemon(() -> answer(client)).start();
            } catch (IOException ended) {
                return;
            }
        }
    }

    private void answer(SocketChannel client) {
        try (client) {
            client.read(ByteBuffer.allocate(64 * 1024));
            requests.incrementAndGet();
            client.write(ByteBuffer.wrap(script.getBytes(StandardCharsets.US_ASCII)));
            closed.await();
        } catch (IOException | InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends as an engine that is stopped: closes every connection. */
    void end() throws IOException {
        closed.countDown();
        listener.close();
        Files.deleteIfExists(path);
    }

    @Override
    public void close() throws IOException {
        end();
    }
}
