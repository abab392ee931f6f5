package dev.ganymede.container.docker;

import com.github.dockerjava.transport.DockerHttpClient.Request;
import dev.ganymede.container.ContainerEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The engine's events about our containers, one connection for each subscriber.
 *
 * <p>The engine answers {@code GET /events} a moment before it begins to listen. So each connection first asks for the engine's own time, and then for
 * everything since: nothing falls between the two, and an event of that second may come twice.
 */
final class EngineEvents implements AutoCloseable {

    private static final int MAILBOX_CAPACITY = 1024;

    private final EngineTransport transport;
    private final Duration maxAge;
    private final EngineEvent reader;
    private final String query;
    private final Set<EventStream> open = ConcurrentHashMap.newKeySet();

    EngineEvents(EngineTransport transport, Labels labels, Duration maxAge) {
        this.transport = transport;
        this.maxAge = maxAge;
        this.reader = new EngineEvent(labels);
        this.query = "/events?filters=" + URLEncoder.encode(EngineEvent.filter(labels), StandardCharsets.UTF_8);
    }

    Multi<ContainerEvent> subscribe() {
        return Multi.createFrom().publisher(subscriber -> {
            EventMailbox mailbox = new EventMailbox(subscriber, MAILBOX_CAPACITY, Infrastructure.getDefaultExecutor());
            EventStream stream = new EventStream(this::connect, reader, mailbox, maxAge);
            open.add(stream);
            mailbox.onCancel(() -> {
                open.remove(stream);
                stream.close();
            });
            subscriber.onSubscribe(mailbox);
            stream.start();
        });
    }

    private EngineResponse connect() throws IOException {
        String since =
                engineTime().map(time -> "&since=" + time.getEpochSecond()).orElse("");
        EngineResponse response = transport.stream(get(query + since), maxAge);
        if (response.getStatusCode() != 200) {
            response.close();
            throw new IOException("the engine answered " + response.getStatusCode() + " to a request for its events");
        }
        return response;
    }

    /** By the engine's clock, which is not ours. */
    private Optional<Instant> engineTime() {
        try (EngineResponse pong = transport.execute(get("/_ping"))) {
            return Optional.ofNullable(pong.getHeader("Date"))
                    .map(date -> Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date)));
        } catch (DateTimeException nonsense) {
            return Optional.empty();
        }
    }

    private static Request get(String path) {
        return Request.builder().method(Request.Method.GET).path(path).build();
    }

    @Override
    public void close() {
        open.forEach(EventStream::close);
    }
}
