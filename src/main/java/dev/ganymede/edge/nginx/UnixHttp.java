package dev.ganymede.edge.nginx;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One HTTP request over a unix socket, each on a connection of its own. Blocking, bounded in time and size; safe for concurrent use. */
final class UnixHttp {

    /** What was answered; the body as text, without space at its ends. */
    record Answer(int status, String body) {}

    private static final Pattern ANSWER = Pattern.compile("HTTP/1\\.1 (\\d{3}) .*?\r\n\r\n(.*)", Pattern.DOTALL);
    private static final int PART_BYTES = 16 * 1024;

    private final Path socket;
    private final Duration timeout;
    private final int maxAnswerBytes;

    UnixHttp(Path socket, Duration timeout, int maxAnswerBytes) {
        this.socket = socket;
        this.timeout = timeout;
        this.maxAnswerBytes = maxAnswerBytes;
    }

    /** Empty when nobody answers in time, or not in HTTP. */
    Optional<Answer> send(String method, String uri, String body) {
        long deadline = System.nanoTime() + timeout.toNanos();
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
                Selector selector = Selector.open()) {
            if (!connect(channel)) {
                return Optional.empty();
            }
            channel.register(selector, SelectionKey.OP_WRITE);
            write(channel, selector, request(method, uri, body), deadline);
            channel.keyFor(selector).interestOps(SelectionKey.OP_READ);
            return parse(readToEnd(channel, selector, deadline));
        } catch (IOException nobodyThere) {
            return Optional.empty();
        }
    }

    /**
     * A unix socket connects at once, or its listener's queue is full: then a blocking one would wait as long as its listener is frozen, and whoever asks holds the
     * edge's lock.
     */
    boolean connect(SocketChannel channel) throws IOException {
        channel.configureBlocking(false);
        return channel.connect(UnixDomainSocketAddress.of(socket));
    }

    private static ByteBuffer request(String method, String uri, String body) {
        byte[] content = body.getBytes(StandardCharsets.US_ASCII);
        String head = method + " " + uri + " HTTP/1.0\r\nHost: edge\r\nContent-Length: " + content.length + "\r\n\r\n";
        byte[] start = head.getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(start.length + content.length)
                .put(start)
                .put(content)
                .flip();
    }

    private static void write(SocketChannel channel, Selector selector, ByteBuffer request, long deadline)
            throws IOException {
        while (request.hasRemaining()) {
            if (channel.write(request) == 0) {
                await(selector, deadline);
            }
        }
    }

    private byte[] readToEnd(SocketChannel channel, Selector selector, long deadline) throws IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        ByteBuffer part = ByteBuffer.allocate(PART_BYTES);
        while (true) {
            await(selector, deadline);
            if (channel.read(part) < 0) {
                return answer.toByteArray();
            }
            answer.write(part.array(), 0, part.position());
            part.clear();
            if (answer.size() > maxAnswerBytes) {
                throw new IOException("answers more than " + maxAnswerBytes + " bytes");
            }
        }
    }

    private static void await(Selector selector, long deadline) throws IOException {
        long leftMillis = (deadline - System.nanoTime()) / 1_000_000;
        if (leftMillis <= 0) {
            throw new IOException("no answer in time");
        }
        selector.select(leftMillis);
        selector.selectedKeys().clear();
    }

    private static Optional<Answer> parse(byte[] answer) {
        Matcher parts = ANSWER.matcher(new String(answer, StandardCharsets.US_ASCII));
        return parts.matches()
                ? Optional.of(new Answer(
                        Integer.parseInt(parts.group(1)), parts.group(2).strip()))
                : Optional.empty();
    }
}
