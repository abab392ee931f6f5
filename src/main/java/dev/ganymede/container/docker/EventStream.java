package dev.ganymede.container.docker;

import dev.ganymede.container.ContainerEvent;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * One subscription's connection to the engine's events, on a thread of its own, made again until closed.
 *
 * <p>Every connection begins with {@link ContainerEvent.Resync}, once the engine has answered. Streams stall without a sign, so none is trusted for longer than
 * its greatest age: a silent one is given up then, a busy one at the first event after that.
 */
final class EventStream implements AutoCloseable {

    /** Opens the stream, or says why not; both within the usual time limits. */
    interface Connection {
        EngineResponse open() throws IOException;
    }

    private static final Logger LOG = Logger.getLogger(EventStream.class);
    private static final Duration FIRST_WAIT = Duration.ofMillis(200);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);
    private static final int MAX_LINE_BYTES = 256 * 1024;

    private final Connection connection;
    private final EngineEvent reader;
    private final EventMailbox mailbox;
    private final long maxAgeNanos;
    private final Thread thread = new Thread(this::run, "docker-events");
    private Duration wait = FIRST_WAIT;
    private boolean lost;
    private volatile boolean closed;
    private volatile EngineResponse current;

    EventStream(Connection connection, EngineEvent reader, EventMailbox mailbox, Duration maxAge) {
        this.connection = connection;
        this.reader = reader;
        this.mailbox = mailbox;
        this.maxAgeNanos = maxAge.toNanos();
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    private void run() {
        while (!closed) {
            long begun = System.nanoTime();
            try (EngineResponse response = connection.open()) {
                current = response;
                read(response, begun);
            } catch (IOException | RuntimeException failure) {
                pause(failure, begun);
            }
        }
    }

    /** Returns when the connection is old, fails when it is broken. */
    private void read(EngineResponse response, long begun) throws IOException {
        if (lost) {
            LOG.info("the Docker engine's events are back");
            lost = false;
        }
        mailbox.offer(new ContainerEvent.Resync());
        InputStream events = new BufferedInputStream(response.getBody());
        try {
            while (!closed && System.nanoTime() - begun < maxAgeNanos) {
                reader.read(line(events)).ifPresent(mailbox::offer);
            }
        } catch (SocketTimeoutException silent) {
            LOG.debug("the engine's events were silent for long: asking anew");
        }
    }

    private static String line(InputStream events) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(512);
        for (int next = events.read(); next != '\n'; next = events.read()) {
            if (next < 0) {
                throw new EOFException("the engine ended its events");
            }
            if (line.size() == MAX_LINE_BYTES) {
                throw new IOException("an event of more than " + MAX_LINE_BYTES + " bytes");
            }
            line.write(next);
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    /** A connection that lived begins a new count; one that broke at once does not, or an engine in trouble would be asked in a circle. */
    private void pause(Exception failure, long begun) {
        if (closed) {
            return;
        }
        if (!lost) {
            LOG.warnf("lost the Docker engine's events, until it answers again: %s", failure);
            lost = true;
        }
        boolean lived = System.nanoTime() - begun > LONGEST_WAIT.toNanos();
        wait = lived ? FIRST_WAIT : wait;
        try {
            Thread.sleep(wait.toMillis());
        } catch (InterruptedException ended) {
            closed = true;
        }
        wait = wait.multipliedBy(2).compareTo(LONGEST_WAIT) < 0 ? wait.multipliedBy(2) : LONGEST_WAIT;
    }

    /** Ends the thread, wherever it waits: the socket is closed below it. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        EngineResponse open = current;
        if (open != null) {
            open.close();
        }
    }
}
