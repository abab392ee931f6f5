package dev.ganymede.container.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.transport.DockerHttpClient.Request;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class EngineTransportTest {

    private static final Duration SHORT = Duration.ofMillis(200);
    private static final Duration LONG = Duration.ofSeconds(8);

    @TempDir
    Path directory;

    @Test
    void readsAnAnswerInChunks() throws IOException {
        String answer =
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nApi-Version: 1.41\r\n\r\n2\r\nOK\r\n0\r\n\r\n";
        try (ScriptedEngine engine = engine(answer);
                DockerHttpClient.Response response =
                        new EngineTransport(engine.uri(), LONG, LONG).execute(get("/_ping"))) {
            assertThat(response.getStatusCode()).isEqualTo(200);
            assertThat(response.getHeader("api-version")).isEqualTo("1.41");
            assertThat(response.getBody()).hasContent("OK");
        }
    }

    @Test
    void anEngineThatNeverAnswersTimesOut() throws IOException {
        try (ScriptedEngine engine = engine("")) {
            assertThatThrownBy(() -> transport(engine.uri()).execute(get("/_ping")))
                    .hasCauseInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void anEngineThatStopsInTheMiddleOfItsAnswerTimesOut() throws IOException {
        try (ScriptedEngine engine = engine("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this")) {
            DockerHttpClient.Response response = transport(engine.uri()).execute(get("/containers/json"));
            assertThatThrownBy(() -> response.getBody().readAllBytes()).isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void anEngineThatNeverReadsTimesOut() throws IOException {
        // more than any socket buffer takes
        byte[] body = "x".repeat(8 * 1024 * 1024).getBytes(StandardCharsets.US_ASCII);
        Request request = Request.builder()
                .method(Request.Method.POST)
                .path("/images/load")
                .bodyBytes(body)
                .build();
        try (ScriptedEngine engine = engine("")) {
            assertThatThrownBy(() -> transport(engine.uri()).execute(request))
                    .hasCauseInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void aMissingSocketFailsAtOnce() {
        URI missing = URI.create("unix://" + directory.resolve("nobody.sock"));

        assertThatThrownBy(() -> transport(missing).execute(get("/_ping"))).isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void nonsenseInsteadOfHttpIsAFailure() throws IOException {
        try (ScriptedEngine engine = engine("220 mail.example ESMTP\r\n\r\n")) {
            assertThatThrownBy(() -> transport(engine.uri()).execute(get("/_ping")))
                    .isInstanceOf(UncheckedIOException.class);
        }
    }

    @Test
    void onlyUnixAndTcpAreSpoken() {
        assertThatThrownBy(() -> transport(URI.create("ssh://host"))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> transport(URI.create("tcp://host"))).isInstanceOf(IllegalArgumentException.class);
        assertThat(transport(URI.create("tcp://host:2375"))).isNotNull();
    }

    /** A native image can't carry it; see ADR 4. */
    @Test
    void jnaIsNotThere() {
        assertThatThrownBy(() -> Class.forName("com.sun.jna.Native")).isInstanceOf(ClassNotFoundException.class);
    }

    private ScriptedEngine engine(String answer) throws IOException {
        return new ScriptedEngine(directory.resolve("engine.sock"), answer);
    }

    private static EngineTransport transport(URI engine) {
        return new EngineTransport(engine, SHORT, SHORT);
    }

    private static Request get(String path) {
        return Request.builder().method(Request.Method.GET).path(path).build();
    }
}
