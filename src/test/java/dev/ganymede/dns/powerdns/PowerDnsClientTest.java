package dev.ganymede.dns.powerdns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ganymede.dns.DnsException;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.mutiny.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class PowerDnsClientTest {

    private static final String SHORT = "PT0.2S";
    private static final String LONG = "PT8S";

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        vertx.closeAndAwait();
    }

    @Test
    void aServerThatNeverAnswersTimesOut() throws Exception {
        PowerDnsClient client = clientOf(SHORT, request -> {});

        assertThatThrownBy(() -> get(client.ping())).isInstanceOf(DnsException.class);
    }

    @Test
    void aServerThatDripsItsAnswerTimesOut() throws Exception {
        PowerDnsClient client = clientOf(SHORT, request -> {
            request.response().setChunked(true);
            request.response().write("{");
            vertx.getDelegate().setPeriodic(20, tick -> request.response().write(" "));
        });

        assertThatThrownBy(() -> get(client.read("domain.local."))).isInstanceOf(DnsException.class);
    }

    @Test
    void aRefusalSaysWhatTheServerSaid() throws Exception {
        PowerDnsClient client = clientOf(
                LONG,
                request -> request.response().setStatusCode(422).end("{\"error\": \"RRset x. IN A:\\n conflicts\"}"));

        assertThatThrownBy(() -> get(client.patch("domain.local.", List.of(), () -> {})))
                .isInstanceOf(PowerDnsRefusal.class)
                .hasMessage("PowerDNS refused with 422: RRset x. IN A: conflicts");
    }

    @Test
    void anAnswerThatIsNoZoneIsAFailure() throws Exception {
        PowerDnsClient client = clientOf(LONG, request -> request.response().end("<html>"));

        assertThatThrownBy(() -> get(client.read("domain.local."))).isInstanceOf(DnsException.class);
    }

    @Test
    void aMissingZoneIsNoFailure() throws Exception {
        PowerDnsClient client =
                clientOf(LONG, request -> request.response().setStatusCode(404).end("Not Found"));

        assertThat(get(client.read("domain.local."))).isEmpty();
    }

    @Test
    void aHiccupIsNotNoticed() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        PowerDnsClient client = clientOf(LONG, request -> request.response()
                .setStatusCode(calls.incrementAndGet() <= 2 ? 500 : 204)
                .end());

        get(client.patch("domain.local.", List.of(), () -> {}));

        assertThat(calls).hasValue(3);
        assertThat(client.available()).isTrue();
    }

    @Test
    void anAnswerThatWasLostIsToldAlsoWhenTheNextAttemptSucceeds() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        AtomicInteger lost = new AtomicInteger();
        PowerDnsClient client = clientOf(LONG, request -> {
            if (calls.incrementAndGet() == 1) {
                request.connection().close();
            } else {
                request.response().setStatusCode(204).end();
            }
        });

        get(client.patch("domain.local.", List.of(), lost::incrementAndGet));

        assertThat(calls).hasValue(2);
        assertThat(lost).hasValue(1);
    }

    @Test
    void aServerThatIsNotThereLosesNoAnswer() {
        AtomicInteger lost = new AtomicInteger();
        PowerDnsClient client = new PowerDnsClient(vertx, Settings.with(Map.of()));

        assertThatThrownBy(() -> get(client.patch("domain.local.", List.of(), lost::incrementAndGet)))
                .isInstanceOf(DnsException.class);

        assertThat(lost).hasValue(0);
    }

    @Test
    void refusalsOfContentAreNeitherRepeatedNorCounted() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        PowerDnsClient client = clientOf(LONG, request -> {
            calls.incrementAndGet();
            request.response().setStatusCode(422).end("{\"error\": \"no\"}");
        });

        for (int call = 0; call < 20; call++) {
            assertThatThrownBy(() -> get(client.patch("domain.local.", List.of(), () -> {})))
                    .isInstanceOf(PowerDnsRefusal.class);
        }

        assertThat(calls).hasValue(20);
        assertThat(client.available()).isTrue();
    }

    @Test
    void aServerThatKeepsFailingIsNotAskedButPinged() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        PowerDnsClient client = clientOf(LONG, request -> {
            calls.incrementAndGet();
            request.response().setStatusCode(503).end();
        });
        for (int call = 0; call < 3; call++) {
            assertThatThrownBy(() -> get(client.read("domain.local."))).isNotNull();
        }
        int asked = calls.get();

        assertThatThrownBy(() -> get(client.read("domain.local."))).isInstanceOf(DnsException.class);
        assertThat(calls).hasValue(asked);
        assertThat(client.available()).isFalse();
        assertThatThrownBy(() -> get(client.ping())).isInstanceOf(PowerDnsRefusal.class);
        assertThat(calls).hasValue(asked + 1);
    }

    private PowerDnsClient clientOf(String timeout, Consumer<HttpServerRequest> server) throws Exception {
        int port = vertx.getDelegate()
                .createHttpServer()
                .requestHandler(server::accept)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(5, TimeUnit.SECONDS)
                .actualPort();
        return new PowerDnsClient(
                vertx, Settings.with(Map.of("timeout", timeout, "powerdns.url", "http://127.0.0.1:" + port)));
    }

    private static <T> T get(Uni<T> work) {
        return work.await().atMost(Duration.ofSeconds(9));
    }
}
