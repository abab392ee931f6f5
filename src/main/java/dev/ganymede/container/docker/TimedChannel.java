package dev.ganymede.container.docker;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/** Blocking streams over a non-blocking channel, so that waiting can end: by time, by interruption, by closing. */
final class TimedChannel implements Closeable {

    private final SocketChannel channel;
    private final Selector selector;
    private final SelectionKey key;
    private volatile int timeoutMs;

    TimedChannel(SocketChannel channel, Duration timeout) throws IOException {
        this.channel = channel;
        this.selector = Selector.open();
        this.key = channel.register(selector, 0);
        patience(timeout);
    }

    final void patience(Duration timeout) {
        timeoutMs = Math.toIntExact(Math.max(1, timeout.toMillis()));
    }

    int timeoutMs() {
        return timeoutMs;
    }

    InputStream input() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                return TimedChannel.this.read(ByteBuffer.wrap(bytes, offset, length));
            }
        };
    }

    OutputStream output() {
        return new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                write(new byte[] {(byte) value}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                TimedChannel.this.write(ByteBuffer.wrap(bytes, offset, length));
            }
        };
    }

    private int read(ByteBuffer target) throws IOException {
        if (!target.hasRemaining()) {
            return 0;
        }
        int count = channel.read(target);
        while (count == 0) {
            await(SelectionKey.OP_READ);
            count = channel.read(target);
        }
        return count;
    }

    private void write(ByteBuffer source) throws IOException {
        while (source.hasRemaining()) {
            if (channel.write(source) == 0) {
                await(SelectionKey.OP_WRITE);
            }
        }
    }

    private void await(int operation) throws IOException {
        try {
            key.interestOps(operation);
            int ready = selector.select(timeoutMs);
            selector.selectedKeys().clear();
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedIOException("interrupted while waiting for the peer");
            }
            if (ready == 0 && channel.isOpen()) {
                throw new SocketTimeoutException("no answer within " + timeoutMs + " ms");
            }
        } catch (ClosedSelectorException | java.nio.channels.CancelledKeyException closed) {
            throw new SocketException("socket is closed");
        }
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            selector.close();
        }
    }
}
