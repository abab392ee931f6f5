package dev.ganymede.container.docker;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A connected unix socket as a {@link Socket}, on the JDK's own channels and with a read timeout that works.
 *
 * <p>docker-java's {@code UnixSocket} ignores the timeout (a stuck engine would hold the thread for ever) and falls back to JNA.
 * For one thread at a time; {@link #close} may come from any.
 */
final class UnixSocket extends Socket {

    private final SocketChannel channel;
    private final TimedChannel timed;

    private UnixSocket(SocketChannel channel, Duration timeout) throws IOException {
        this.channel = channel;
        this.timed = new TimedChannel(channel, timeout);
    }

    /**
     * Connects.
     *
     * @param timeout longest wait of one read or write
     */
    static UnixSocket connect(Path path, Duration timeout) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.configureBlocking(false);
            // a unix socket connects at once, or its listener's queue is full
            if (!channel.connect(UnixDomainSocketAddress.of(path))) {
                throw new ConnectException("nobody accepts connections at " + path);
            }
            return new UnixSocket(channel, timeout);
        } catch (IOException | RuntimeException failure) {
            channel.close();
            throw failure;
        }
    }

    /** From now on, the longest wait of one read or write. */
    void patience(Duration timeout) {
        timed.patience(timeout);
    }

    @Override
    public InputStream getInputStream() {
        return timed.input();
    }

    @Override
    public OutputStream getOutputStream() {
        return timed.output();
    }

    @Override
    public boolean isConnected() {
        return true;
    }

    @Override
    public boolean isClosed() {
        return !channel.isOpen();
    }

    @Override
    public InetAddress getInetAddress() {
        return null;
    }

    // set by connect() and patience(); the HTTP layer must not change them on a socket that has no TCP below
    @Override
    public void setSoTimeout(int timeoutMs) {}

    @Override
    public int getSoTimeout() {
        return timed.timeoutMs();
    }

    @Override
    public void setTcpNoDelay(boolean on) {}

    @Override
    public void setSoLinger(boolean on, int seconds) {}

    @Override
    public void shutdownInput() throws IOException {
        channel.shutdownInput();
    }

    @Override
    public void shutdownOutput() throws IOException {
        channel.shutdownOutput();
    }

    @Override
    public void close() throws IOException {
        timed.close();
    }

    @Override
    public String toString() {
        return "UnixSocket[" + (channel.isOpen() ? "open" : "closed") + "]";
    }
}
