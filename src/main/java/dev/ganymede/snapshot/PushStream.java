package dev.ganymede.snapshot;

import dev.ganymede.problem.Problem;
import dev.ganymede.problem.ProblemType;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayDeque;

/**
 * The body of a push, for a thread that may wait: it comes in on the event loop, a little ahead of who reads it. It may be silent for so long, and has to be over
 * in time; a reader that has enough of it leaves it as it is.
 *
 * <p>Quarkus' own stream closes the connection of a silent caller, so that no answer can be given, and hands over each packet by itself.
 */
final class PushStream extends InputStream {

    private static final int AHEAD_BYTES = 512 * 1024;

    private final HttpServerRequest request;
    private final Arrival arrival;
    private final Duration silence;
    private final long maxBytes;
    private final ArrayDeque<Buffer> ahead = new ArrayDeque<>();
    private int aheadBytes;
    private boolean paused;
    private boolean ended;
    private boolean closed;
    private Throwable failure;
    private int offset;
    private long readBytes;

    PushStream(HttpServerRequest request, Arrival arrival, SnapshotConfig config) {
        this.request = request;
        this.arrival = arrival;
        this.silence = config.readTimeout();
        this.maxBytes = config.maxBodyBytes();
    }

    /** The body begins to come in; it was paused until now. */
    PushStream open() {
        if (hasLeft()) {
            return this;
        }
        if (request.isEnded()) {
            ended = true;
            return this;
        }
        request.exceptionHandler(this::failed);
        request.endHandler(over -> ended());
        request.handler(this::came);
        if (hasLeft()) {
            return this;
        }
        if (request.headers().contains(HttpHeaders.EXPECT, HttpHeaders.CONTINUE, true)) {
            request.response().writeContinue();
        }
        request.resume();
        return this;
    }

    /** Whoever left before the handlers were there: they are not called any more. */
    private boolean hasLeft() {
        boolean left = request.response().closed();
        if (left) {
            failed(new HttpClosedException("the caller has left"));
        }
        return left;
    }

    long readBytes() {
        return readBytes;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int start, int length) throws IOException {
        int taken = take(target, start, length);
        readBytes += Math.max(0, taken);
        if (readBytes > maxBytes) {
            throw Problem.of(ProblemType.PAYLOAD_TOO_LARGE, "At most " + maxBytes + " bytes.");
        }
        return taken;
    }

    private synchronized int take(byte[] target, int start, int length) throws IOException {
        awaitSomething();
        int taken = 0;
        while (taken < length && !ahead.isEmpty()) {
            Buffer first = ahead.peek();
            int part = Math.min(length - taken, first.length() - offset);
            first.getBytes(offset, offset + part, target, start + taken);
            taken += part;
            offset += part;
            if (offset == first.length()) {
                ahead.remove();
                offset = 0;
            }
        }
        aheadBytes -= taken;
        if (paused && aheadBytes < AHEAD_BYTES / 2) {
            paused = false;
            request.resume();
        }
        return taken == 0 ? -1 : taken;
    }

    private void awaitSomething() throws IOException {
        long silentAt = System.nanoTime() + silence.toNanos();
        while (ahead.isEmpty() && !ended && failure == null) {
            long waitNanos = Math.min(silentAt - System.nanoTime(), arrival.leftNanos());
            if (waitNanos <= 0) {
                throw Problem.of(ProblemType.BODY_TIMEOUT, null);
            }
            try {
                wait(waitNanos / 1_000_000 + 1);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while a push came in", interrupted);
            }
        }
        if (arrival.leftNanos() <= 0) {
            throw Problem.of(ProblemType.BODY_TIMEOUT, null);
        }
        if (failure != null) {
            throw new IOException("a push was cut off", failure);
        }
    }

    private synchronized void came(Buffer part) {
        if (closed || part.length() == 0) {
            return;
        }
        ahead.add(part);
        aheadBytes += part.length();
        if (!paused && aheadBytes > AHEAD_BYTES) {
            paused = true;
            request.pause();
        }
        notifyAll();
    }

    private synchronized void ended() {
        ended = true;
        notifyAll();
    }

    private synchronized void failed(Throwable cause) {
        failure = cause instanceof HttpClosedException ? cause : new HttpClosedException(String.valueOf(cause));
        notifyAll();
    }

    /** Who reads no more: what still comes is dropped. */
    @Override
    public synchronized void close() {
        closed = true;
        ahead.clear();
        if (paused) {
            paused = false;
            request.resume();
        }
    }
}
