package dev.ganymede.collab.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganymede.collab.GatewayProcess.StartAnswer;
import dev.ganymede.id.Endpoint;
import dev.ganymede.secret.Secret;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import io.vertx.mutiny.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class HttpGatewayProcessTest {

    private static final Duration ENOUGH = Duration.ofSeconds(15);
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final int PATIENCE_MILLIS = 10_000;

    private final Vertx vertx = Vertx.vertx();
    private final HttpGatewayProcess gateways = new HttpGatewayProcess(vertx, new Limits());

    private record Limits() implements CollabConfig {

        @Override
        public int starts() {
            return 1;
        }

        @Override
        public int probes() {
            return 1;
        }

        @Override
        public int probesWaiting() {
            return 1;
        }
    }

    @AfterEach
    void end() {
        vertx.closeAndAwait();
    }

    @Test
    void aGatewayThatHangsIsGivenUpAndItsConnectionClosed() throws Exception {
        try (ServerSocket gateway = listening()) {
            CompletableFuture<StartAnswer> answer = start(gateway, SHORT).subscribeAsCompletionStage();
            try (Socket connection = accepted(gateway)) {
                readToEnd(connection);
            }

            assertThat(answer)
                    .succeedsWithin(ENOUGH)
                    .isEqualTo(new StartAnswer.Failed("/collab/start gave no answer within 300 ms"));
        }
    }

    @Test
    void whoeverLeavesClosesTheConnection() throws Exception {
        try (ServerSocket gateway = listening()) {
            Cancellable caller = start(gateway, ENOUGH).subscribe().with(ignored -> {});
            try (Socket connection = accepted(gateway)) {
                assertThat(connection.getInputStream().read()).isPositive();
                caller.cancel();
                readToEnd(connection);
            }
        }
    }

    @Test
    void aGatewayThatSays200HasLoaded() throws Exception {
        try (ServerSocket gateway = listening()) {
            CompletableFuture<StartAnswer> answer = start(gateway, ENOUGH).subscribeAsCompletionStage();
            try (Socket connection = accepted(gateway)) {
                assertThat(connection.getInputStream().read()).isPositive();
                connection
                        .getOutputStream()
                        .write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}".getBytes(StandardCharsets.US_ASCII));
                assertThat(answer).succeedsWithin(ENOUGH).isEqualTo(new StartAnswer.Loaded());
            }
        }
    }

    private Uni<StartAnswer> start(ServerSocket gateway, Duration timeout) {
        return gateways.start(new Endpoint("127.0.0.1", gateway.getLocalPort()), new Secret("token"), timeout);
    }

    private static ServerSocket listening() throws IOException {
        ServerSocket listener = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"));
        listener.setSoTimeout(PATIENCE_MILLIS);
        return listener;
    }

    private static Socket accepted(ServerSocket gateway) throws IOException {
        Socket connection = gateway.accept();
        connection.setSoTimeout(PATIENCE_MILLIS);
        return connection;
    }

    /** Fails when the other side keeps the connection. */
    private static void readToEnd(Socket connection) throws IOException {
        InputStream request = connection.getInputStream();
        while (request.read() >= 0) {
            // the request, which nobody answers
        }
    }
}
