package dev.ganymede.container.docker;

import com.github.dockerjava.transport.DockerHttpClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.HttpProcessors;
import org.apache.hc.core5.http.impl.io.DefaultBHttpClientConnection;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.InputStreamEntity;
import org.apache.hc.core5.http.io.support.ClassicRequestBuilder;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.http.protocol.HttpProcessor;

/**
 * docker-java's way to the engine: HTTP/1.1 by Apache HttpCore over a unix socket of the JDK, or over TCP (ADR 4).
 *
 * <p>One connection per request: it costs some 50 µs on a unix socket, and no request is ever lost in, or repeated after, a connection that the
 * engine closed meanwhile. Nothing is retried here. Safe for concurrent use.
 */
final class EngineTransport implements DockerHttpClient {

    private final URI engine;
    private final Duration connectTimeout;
    private final Duration requestTimeout;
    private final HttpProcessor processor = HttpProcessors.client("ganymede");
    private final HttpRequestExecutor executor = new HttpRequestExecutor();

    EngineTransport(URI engine, Duration connectTimeout, Duration requestTimeout) {
        this.engine = engine;
        this.connectTimeout = connectTimeout;
        this.requestTimeout = requestTimeout;
        boolean known = isUnix(engine) || "tcp".equals(engine.getScheme()) && engine.getPort() > 0;
        if (!known) {
            throw new IllegalArgumentException("a Docker host is unix:///path or tcp://host:port, not " + engine);
        }
    }

    static boolean isUnix(URI engine) {
        return "unix".equals(engine.getScheme());
    }

    @Override
    public EngineResponse execute(Request request) {
        if (request.hijackedInput() != null) {
            throw new UnsupportedOperationException("attaching to a container is not needed here");
        }
        try {
            return exchange(encode(request));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (HttpException failure) {
            throw new UncheckedIOException(new IOException("the engine does not speak HTTP", failure));
        }
    }

    /**
     * A request whose answer goes on: it has to begin within the usual time, and may then be silent for {@code patience}.
     */
    EngineResponse stream(Request request, Duration patience) throws IOException {
        EngineResponse answer = execute(request);
        try {
            answer.patience(patience);
            return answer;
        } catch (IOException failure) {
            answer.close();
            throw failure;
        }
    }

    private EngineResponse exchange(ClassicHttpRequest request) throws IOException, HttpException {
        DefaultBHttpClientConnection connection = new DefaultBHttpClientConnection(Http1Config.DEFAULT);
        Socket socket = connect();
        try {
            connection.bind(socket);
            HttpCoreContext context = HttpCoreContext.create();
            executor.preProcess(request, processor, context);
            ClassicHttpResponse response = executor.execute(request, connection, context);
            executor.postProcess(response, processor, context);
            return new EngineResponse(response, socket);
        } catch (IOException | HttpException | RuntimeException failure) {
            socket.close();
            throw failure;
        }
    }

    private Socket connect() throws IOException {
        if (isUnix(engine)) {
            return UnixSocket.connect(Path.of(engine.getPath()), requestTimeout);
        }
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(Math.toIntExact(requestTimeout.toMillis()));
            socket.connect(
                    new InetSocketAddress(engine.getHost(), engine.getPort()),
                    Math.toIntExact(connectTimeout.toMillis()));
            return socket;
        } catch (IOException | RuntimeException failure) {
            socket.close();
            throw failure;
        }
    }

    private ClassicHttpRequest encode(Request request) {
        ClassicRequestBuilder builder = ClassicRequestBuilder.create(request.method())
                .setUri(request.path())
                .setHeader("Host", isUnix(engine) ? "docker" : engine.getRawAuthority())
                .setHeader("Connection", "close");
        request.headers().forEach(builder::setHeader);
        if (request.bodyBytes() != null) {
            builder.setEntity(new ByteArrayEntity(request.bodyBytes(), null));
        } else if (request.body() != null) {
            builder.setEntity(new InputStreamEntity(request.body(), null));
        }
        return builder.build();
    }

    /** Nothing to close: no connection outlives its request. */
    @Override
    public void close() {}
}
