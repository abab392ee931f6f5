package dev.ganymede.app;

import dev.ganymede.problem.ProblemType;
import dev.ganymede.snapshot.SnapshotConfig;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** Refuses bodies that are announced too large before a byte of them is read: small ones everywhere, large ones for a push only. */
@ApplicationScoped
class BodyLimit {

    private static final long ORDINARY_MAX_BYTES = 1024 * 1024;
    private static final String PUSH = "/gateway/data/push";
    // before everything that reads a body
    private static final int PRIORITY = 1_000;

    private static final long LINGER_MILLIS = 1_000;

    private final SnapshotConfig snapshots;

    BodyLimit(SnapshotConfig snapshots) {
        this.snapshots = snapshots;
    }

    void register(@Observes Filters filters) {
        filters.register(this::check, PRIORITY);
    }

    private void check(RoutingContext exchange) {
        String announced = exchange.request().getHeader(HttpHeaders.CONTENT_LENGTH);
        String path = exchange.normalizedPath();
        long limit = PUSH.equals(path) ? snapshots.maxBodyBytes() : ORDINARY_MAX_BYTES;
        if (announced == null || exceeds(announced, limit) == Verdict.FITS) {
            exchange.next();
            return;
        }
        ProblemType type = ProblemType.PAYLOAD_TOO_LARGE;
        JsonObject body = new JsonObject()
                .put("type", type.uri())
                .put("title", type.title())
                .put("status", type.status())
                .put("detail", "At most " + limit + " bytes.")
                .put("instance", path);
        // the rest of the body is not read: this connection can't carry another request
        exchange.response()
                .setStatusCode(type.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/problem+json")
                .putHeader(HttpHeaders.CONNECTION, "close")
                .end(body.toBuffer())
                .onComplete(sent -> closeSoon(exchange));
    }

    /** Not at once: a caller that is still sending would lose the answer with its connection. */
    private static void closeSoon(RoutingContext exchange) {
        exchange.vertx()
                .setTimer(
                        LINGER_MILLIS, timer -> exchange.request().connection().close());
    }

    private enum Verdict {
        FITS,
        TOO_LARGE
    }

    private static Verdict exceeds(String announced, long limit) {
        try {
            return Long.parseLong(announced) > limit ? Verdict.TOO_LARGE : Verdict.FITS;
        } catch (NumberFormatException notANumber) {
            // the HTTP server has its own answer to that
            return Verdict.FITS;
        }
    }
}
