package dev.ganymede.snapshot;

import dev.ganymede.snapshot.Turns.Reader;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Answers with a snapshot while it is being read: announces the length, waits until the caller has taken what was sent, and cuts the connection when it can't go on,
 * so that half an answer is never taken for a whole one. What fails before the first byte is an ordinary problem.
 */
@ApplicationScoped
class BodyWriter {

    private static final Logger LOG = Logger.getLogger(BodyWriter.class);
    // of a size that the network's own buffers are pooled in
    private static final int SLICE_BYTES = 256 * 1024;

    private final VersionReader versions;
    private final Turns turns;
    private final PullConfig config;

    BodyWriter(VersionReader versions, Turns turns, PullConfig config) {
        this.versions = versions;
        this.turns = turns;
        this.config = config;
    }

    /** What stands before and after the JSON of a version. */
    record Frame(String before, String after) {

        static final Frame NONE = new Frame("", "");
    }

    /** A version that is opened, and what is to stand around it. */
    record Framed(VersionReader.Opened opened, Frame frame) {}

    /** Completes when the answer is over: the caller has all of it, or has lost the connection. */
    Uni<Void> answer(Reader reader, HttpServerResponse response, Version version, Supplier<Uni<Framed>> open) {
        return turns.take(reader, version, () -> open.get().chain(framed -> send(response, framed)))
                .onFailure(failure -> response.headWritten())
                .recoverWithUni(failure -> cut(response, version, failure));
    }

    private Uni<Void> send(HttpServerResponse response, Framed framed) {
        VersionReader.Opened opened = framed.opened();
        Buffer before = Buffer.buffer(framed.frame().before());
        Buffer after = Buffer.buffer(framed.frame().after());
        long length = before.length() + opened.rest().lengthBytes() + after.length();
        response.putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .putHeader(HttpHeaders.CONTENT_LENGTH, Long.toString(length));
        Buffer first = before.appendBuffer(opened.first());
        if (opened.isWhole()) {
            return done(response.end(first.appendBuffer(after)));
        }
        return write(response, first).chain(() -> rest(response, opened.rest(), after));
    }

    private Uni<Void> rest(HttpServerResponse response, VersionStream stream, Buffer after) {
        return stream.hasNext()
                ? versions.next(stream)
                        .chain(bytes -> write(response, bytes))
                        .chain(() -> rest(response, stream, after))
                : done(response.end(after));
    }

    /** Done when the network has taken it: nothing piles up before a slow caller, and one that has left or stands still is noticed. */
    private Uni<Void> write(HttpServerResponse response, Buffer bytes) {
        Uni<Void> written = Uni.createFrom().voidItem();
        for (int from = 0; from < bytes.length(); from += SLICE_BYTES) {
            Future<Void> slice = response.write(bytes.slice(from, Math.min(bytes.length(), from + SLICE_BYTES)));
            written = written.chain(() -> taken(slice));
        }
        return written;
    }

    private Uni<Void> taken(Future<Void> slice) {
        return done(slice)
                .ifNoItem()
                .after(config.stallTimeout())
                .failWith(() -> new IllegalStateException("nothing was taken for " + config.stallTimeout()));
    }

    /** Nobody is told of a failure after the caller has left: that is no news. */
    static Uni<Void> done(Future<Void> future) {
        return Uni.createFrom()
                .emitter(emitter -> future.onSuccess(emitter::complete).onFailure(emitter::fail));
    }

    /** The cause is logged here and nowhere else; damage has been told already. */
    private static Uni<Void> cut(HttpServerResponse response, Version version, Throwable failure) {
        if (response.closed()) {
            LOG.debugf("who read version %d of %s has left", version.number(), version.organization());
        } else {
            LOG.warnf(
                    "the answer with version %d of organization %s is cut off: %s",
                    version.number(), version.organization(), failure);
            response.reset();
        }
        return Uni.createFrom().voidItem();
    }
}
