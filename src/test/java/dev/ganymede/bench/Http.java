package dev.ganymede.bench;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;

/** One connection that is kept, over a plain socket: nothing of a client that would take time of its own. For one thread. */
final class Http implements Closeable {

    private static final int READ_BYTES = 256 * 1024;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private byte[] received = new byte[READ_BYTES];

    Http(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int) Duration.ofMinutes(2).toMillis());
        in = new BufferedInputStream(socket.getInputStream(), READ_BYTES);
        out = socket.getOutputStream();
    }

    /** An answer; its body is the connection's and stays until the next call. */
    record Answer(int status, byte[] body, int length) {

        String text() {
            return new String(body, 0, length, StandardCharsets.UTF_8);
        }

        /** Whether the body is something, then those bytes, then one closing brace. */
        boolean endsWith(byte[] data) {
            int from = length - 1 - data.length;
            return from > 0 && Arrays.equals(body, from, length - 1, data, 0, data.length);
        }

        Answer expectOk() {
            if (status != 200) {
                throw new IllegalStateException("answered " + status + ": " + text());
            }
            return this;
        }
    }

    /** With the parts as one body. Returns when all of the answer is here. */
    Answer post(String path, String token, byte[]... parts) throws IOException {
        long length = Arrays.stream(parts).mapToLong(part -> part.length).sum();
        out.write(Content.ascii("POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + token
                + "\r\nContent-Type: application/json\r\nContent-Length: " + length + "\r\n\r\n"));
        for (byte[] part : parts) {
            out.write(part);
        }
        return answer();
    }

    private Answer answer() throws IOException {
        int status = Integer.parseInt(line().split(" ")[1]);
        int length = -1;
        for (String header = line(); !header.isEmpty(); header = line()) {
            if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(
                        header.substring(header.indexOf(':') + 1).strip());
            }
        }
        if (length < 0) {
            throw new IOException("an answer that does not say how long it is, status " + status);
        }
        if (received.length < length) {
            received = new byte[length];
        }
        if (in.readNBytes(received, 0, length) < length) {
            throw new EOFException("an answer that ends early, status " + status);
        }
        return new Answer(status, received, length);
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the connection was closed");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
