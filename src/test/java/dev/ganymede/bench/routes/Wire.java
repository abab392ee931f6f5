package dev.ganymede.bench.routes;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** A visitor's connections, the same for every side: plain sockets, or TLS with the name asked for and any certificate believed. */
final class Wire {

    /** Where a side listens on 127.0.0.1. */
    record Entrance(int port, boolean tls) {}

    private static final int TIMEOUT_MILLIS = 10_000;
    private static final SSLContext TRUSTING = trusting();

    private Wire() {}

    /** The body of a GET over a new connection; empty unless it is a 200. */
    static String get(Entrance entrance, String host) throws IOException {
        try (Socket socket = connect(entrance, host)) {
            send(socket, "GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            return answer.startsWith("HTTP/1.1 200") ? answer.substring(answer.indexOf("\r\n\r\n") + 4) : "";
        }
    }

    /** A WebSocket, open. */
    static Socket webSocket(Entrance entrance, String host) throws IOException {
        Socket socket = connect(entrance, host);
        send(
                socket,
                "GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) one(socket.getInputStream()));
        }
        if (!head.toString().contains(" 101 ")) {
            throw new IOException("no WebSocket: " + head);
        }
        return socket;
    }

    /** Whether a message still comes back. */
    static boolean echoes(Socket webSocket) {
        try {
            // a text frame "x", masked with zeros, and its echo, which is not
            webSocket.getOutputStream().write(new byte[] {(byte) 0x81, (byte) 0x81, 0, 0, 0, 0, 'x'});
            InputStream in = webSocket.getInputStream();
            return one(in) == 0x81 && one(in) == 1 && one(in) == 'x';
        } catch (IOException cut) {
            return false;
        }
    }

    private static int one(InputStream in) throws IOException {
        int read = in.read();
        if (read < 0) {
            throw new IOException("closed");
        }
        return read;
    }

    private static void send(Socket socket, String request) throws IOException {
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    }

    private static Socket connect(Entrance entrance, String host) throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), entrance.port()), TIMEOUT_MILLIS);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.setTcpNoDelay(true);
        return entrance.tls() ? secured(socket, host, entrance.port()) : socket;
    }

    private static Socket secured(Socket plain, String host, int port) throws IOException {
        SSLSocket socket = (SSLSocket) TRUSTING.getSocketFactory().createSocket(plain, host, port, true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(host)));
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    private static SSLContext trusting() {
        X509TrustManager anybody = new X509TrustManager() {
            @Override
            public void checkClientTrusted(X509Certificate[] chain, String type) {}

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String type) {}

            @Override
            public X509Certificate[] getAcceptedIssuers() {
                return new X509Certificate[0];
            }
        };
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {anybody}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
