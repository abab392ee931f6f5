package dev.ganymede.container.docker;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;

/** Relays a local TCP port to a unix socket, for an engine that listens on the latter only. */
final class TcpToUnix implements Closeable {

    private final Path target;
    private final ServerSocket listener;

    TcpToUnix(Path target) throws IOException {
        this.target = target;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    private void accept() throws IOException {
        while (!listener.isClosed()) {
            Socket client = listener.accept();
            SocketChannel engine = SocketChannel.open(UnixDomainSocketAddress.of(target));
            WritableByteChannel toClient = Channels.newChannel(client.getOutputStream());
            start(() -> copy(Channels.newChannel(client.getInputStream()), engine));
            start(() -> {
                try (client;
                        engine) {
                    copy(engine, toClient);
                }
            });
        }
    }

    private static void copy(ReadableByteChannel from, WritableByteChannel to) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(8192);
        while (from.read(buffer) >= 0) {
            buffer.flip();
            to.write(buffer);
            buffer.clear();
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void start(Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException closed) {
                        // one side has ended; so does the relay
                    }
                },
                "tcp-to-unix");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
