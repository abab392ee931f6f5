package dev.ganymede.problem;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import dev.ganymede.flow.FullException;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Turns whatever a request ends in into a problem; the only place where that happens. */
class ProblemMappers {

    /** RFC 9457's media type. */
    static final MediaType PROBLEM_JSON = new MediaType("application", "problem+json");

    private static final Logger LOG = Logger.getLogger(ProblemMappers.class);
    private static final Duration FULL_RETRY_AFTER = Duration.ofSeconds(1);
    private static final Problem DATABASE_GONE = Problem.retryable(
            ProblemType.DEPENDENCY_UNAVAILABLE, "The database does not answer.", Duration.ofSeconds(5));

    @ServerExceptionMapper
    Response problem(Problem problem, HttpServerRequest request) {
        return render(problem, request, null);
    }

    @ServerExceptionMapper
    Response full(FullException full, HttpServerRequest request) {
        return render(
                Problem.retryable(ProblemType.OVERLOADED, "Too much work is waiting already.", FULL_RETRY_AFTER),
                request,
                null);
    }

    @ServerExceptionMapper
    Response json(JsonProcessingException failure, HttpServerRequest request) {
        return render(Problem.of(ProblemType.MALFORMED_JSON, JsonLocations.describe(failure)), request, null);
    }

    /** The framework has one of its own for these, which must not win. */
    @ServerExceptionMapper
    Response shape(MismatchedInputException failure, HttpServerRequest request) {
        return json(failure, request);
    }

    @ServerExceptionMapper
    Response web(WebApplicationException failure, HttpServerRequest request) {
        if (failure.getCause() instanceof JsonProcessingException json) {
            return json(json, request);
        }
        int status = failure.getResponse().getStatus();
        if (status >= 500) {
            return unexpected(failure, request);
        }
        ProblemType type =
                switch (status) {
                    case 401 -> ProblemType.UNAUTHORIZED;
                    case 403 -> ProblemType.FORBIDDEN;
                    case 404 -> ProblemType.NOT_FOUND;
                    case 405 -> ProblemType.METHOD_NOT_ALLOWED;
                    case 406 -> ProblemType.NOT_ACCEPTABLE;
                    case 413 -> ProblemType.PAYLOAD_TOO_LARGE;
                    case 415 -> ProblemType.UNSUPPORTED_MEDIA_TYPE;
                    default -> ProblemType.REQUEST_REFUSED;
                };
        return render(Problem.of(type, null), request, null);
    }

    @ServerExceptionMapper
    Response unexpected(Throwable failure, HttpServerRequest request) {
        if (callerLeft(failure)) {
            LOG.debugf("the caller left in the middle of %s %s", request.method(), request.path());
            return render(Problem.of(ProblemType.MALFORMED_JSON, "The body was cut off."), request, null);
        }
        if (DatabaseFailures.unavailable(failure)) {
            LOG.warnf("the database is not available for %s %s: %s", request.method(), request.path(), failure);
            return render(DATABASE_GONE, request, null);
        }
        String errorId = UUID.randomUUID().toString();
        LOG.errorf(failure, "request failed: %s %s (error_id=%s)", request.method(), request.path(), errorId);
        return render(Problem.of(ProblemType.INTERNAL, null), request, errorId);
    }

    private static boolean callerLeft(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof HttpClosedException) {
                return true;
            }
        }
        return false;
    }

    private static Response render(Problem problem, HttpServerRequest request, String errorId) {
        ProblemType type = problem.type();
        ProblemBody body = new ProblemBody(
                type.uri(),
                type.title(),
                type.status(),
                problem.getMessage(),
                request.path(),
                problem.field(),
                errorId);
        Response.ResponseBuilder response =
                Response.status(type.status()).type(PROBLEM_JSON).entity(body);
        if (problem.retryAfter() != null) {
            response.header(
                    HttpHeaders.RETRY_AFTER, Math.max(1, problem.retryAfter().toSeconds()));
        }
        if (type == ProblemType.UNAUTHORIZED) {
            response.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        }
        return response.build();
    }
}
