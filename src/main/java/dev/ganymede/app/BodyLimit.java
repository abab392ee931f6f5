package dev.ganymede.app;

import dev.ganymede.access.BearerToken;
import dev.ganymede.problem.Problem;
import dev.ganymede.problem.ProblemJson;
import dev.ganymede.problem.ProblemType;
import dev.ganymede.snapshot.Arrival;
import dev.ganymede.snapshot.PushAdmission;
import dev.ganymede.snapshot.PushMetrics;
import dev.ganymede.snapshot.SnapshotConfig;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/**
 * Decides about a body before a byte of it is read: small ones are let in everywhere, large ones for a push only, from a gateway whose token is
 * good, and only so many at a time.
 */
@ApplicationScoped
class BodyLimit {

    private static final Logger LOG = Logger.getLogger(BodyLimit.class);
    private static final long ORDINARY_MAX_BYTES = 1024 * 1024;
    private static final Pattern PUSH = Pattern.compile("/gateway/data/push/*");
    // before everything that reads a body
    private static final int PRIORITY = 1_000;
    private static final long LINGER_MILLIS = 1_000;
    // a gateway that has the answer early is let finish: many read it only then
    private static final long PUSH_LINGER_MILLIS = 30_000;
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    private final SnapshotConfig snapshots;
    private final PushAdmission admission;
    private final PushMetrics metrics;
    private final AtomicInteger pushes = new AtomicInteger();

    BodyLimit(SnapshotConfig snapshots, PushAdmission admission, PushMetrics metrics) {
        this.snapshots = snapshots;
        this.admission = admission;
        this.metrics = metrics;
    }

    void register(@Observes Filters filters) {
        filters.register(this::check, PRIORITY);
    }

    private void check(RoutingContext exchange) {
        boolean push = PUSH.matcher(exchange.normalizedPath()).matches();
        long limit = push ? snapshots.maxBodyBytes() : ORDINARY_MAX_BYTES;
        long length = announcedBytes(exchange, limit);
        if (length > limit) {
            Problem tooLarge = Problem.of(ProblemType.PAYLOAD_TOO_LARGE, "At most " + limit + " bytes.");
            if (push) {
                metrics.refused(tooLarge);
            }
            refuse(exchange, tooLarge);
        } else if (push) {
            admit(exchange);
        } else if (exchange.request().getHeader(HttpHeaders.TRANSFER_ENCODING) != null) {
            refuse(exchange, Problem.of(ProblemType.LENGTH_REQUIRED, "Send a Content-Length."));
        } else {
            exchange.next();
        }
    }

    /** A body that does not say how long it is counts as the longest one. */
    private static long announcedBytes(RoutingContext exchange, long limit) {
        String announced = exchange.request().getHeader(HttpHeaders.CONTENT_LENGTH);
        if (announced == null) {
            return exchange.request().getHeader(HttpHeaders.TRANSFER_ENCODING) == null ? 0 : limit;
        }
        try {
            return Long.parseLong(announced);
        } catch (NumberFormatException notANumber) {
            // the HTTP server has its own answer to that
            return 0;
        }
    }

    private void admit(RoutingContext exchange) {
        exchange.request().pause();
        try {
            admission
                    .arrive(BearerToken.hash(exchange.request().getHeader(HttpHeaders.AUTHORIZATION)))
                    .subscribe()
                    .with(arrival -> reserve(exchange, arrival), failure -> refusePush(exchange, failure));
        } catch (Problem refused) {
            refusePush(exchange, refused);
        }
    }

    /** Nothing of the body is read yet: whoever takes the push in begins with that. */
    private void reserve(RoutingContext exchange, Arrival arrival) {
        if (exchange.response().closed()) {
            // left while the database was asked: nobody would tell of the end any more
            return;
        }
        if (pushes.incrementAndGet() > snapshots.maxConcurrentPushes()) {
            pushes.decrementAndGet();
            refusePush(exchange, Problem.retryable(ProblemType.OVERLOADED, "Too many pushes at once.", RETRY_AFTER));
            return;
        }
        exchange.addEndHandler(ended -> {
            pushes.decrementAndGet();
            if (!exchange.request().isEnded()) {
                closeSoon(exchange, PUSH_LINGER_MILLIS);
            }
        });
        arrival.attach(exchange);
        exchange.next();
    }

    private void refusePush(RoutingContext exchange, Throwable failure) {
        metrics.refused(failure);
        refuse(exchange, failure);
    }

    private static void refuse(RoutingContext exchange, Throwable failure) {
        if (failure instanceof Problem problem) {
            refuse(exchange, problem);
            return;
        }
        LOG.warnf("a push could not be admitted: %s", failure);
        refuse(
                exchange,
                Problem.retryable(ProblemType.DEPENDENCY_UNAVAILABLE, "The database does not answer.", RETRY_AFTER));
    }

    private static void refuse(RoutingContext exchange, Problem problem) {
        HttpServerResponse response = exchange.response()
                .setStatusCode(problem.type().status())
                .putHeader(HttpHeaders.CONTENT_TYPE, ProblemJson.MEDIA_TYPE)
                // the rest of the body is not read: this connection can't carry another request
                .putHeader(HttpHeaders.CONNECTION, "close");
        if (problem.retryAfter() != null) {
            response.putHeader(
                    HttpHeaders.RETRY_AFTER, Long.toString(problem.retryAfter().toSeconds()));
        }
        if (problem.type() == ProblemType.UNAUTHORIZED) {
            response.putHeader("WWW-Authenticate", "Bearer");
        }
        response.end(ProblemJson.encode(problem, exchange.normalizedPath()))
                .onComplete(sent -> closeSoon(exchange, LINGER_MILLIS));
    }

    /** Not at once: a caller that is still sending would lose the answer with its connection. */
    private static void closeSoon(RoutingContext exchange, long lingerMillis) {
        exchange.request().resume();
        exchange.vertx().setTimer(lingerMillis, timer -> {
            if (!exchange.request().isEnded() || exchange.response().headers().contains(HttpHeaders.CONNECTION)) {
                exchange.request().connection().close();
            }
        });
    }
}
