package dev.ganymede.container.docker;

import com.github.dockerjava.transport.DockerHttpClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;

/** One answer of the engine; owns the connection it came over. */
final class EngineResponse implements DockerHttpClient.Response {

    private final ClassicHttpResponse response;
    private final Socket socket;

    EngineResponse(ClassicHttpResponse response, Socket socket) {
        this.response = response;
        this.socket = socket;
    }

    @Override
    public int getStatusCode() {
        return response.getCode();
    }

    @Override
    public Map<String, List<String>> getHeaders() {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        for (Header header : response.getHeaders()) {
            headers.computeIfAbsent(header.getName(), name -> new ArrayList<>()).add(header.getValue());
        }
        return headers;
    }

    @Override
    public InputStream getBody() {
        try {
            return response.getEntity() == null
                    ? InputStream.nullInputStream()
                    : response.getEntity().getContent();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** The longest silence from now on. A peer that vanished from the network is found by TCP itself. */
    void patience(Duration timeout) throws IOException {
        if (socket instanceof UnixSocket unix) {
            unix.patience(timeout);
        } else {
            socket.setKeepAlive(true);
            socket.setSoTimeout(Math.toIntExact(timeout.toMillis()));
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException alreadyBroken) {
            // the answer has been read; there is nothing left to lose
        }
    }
}
