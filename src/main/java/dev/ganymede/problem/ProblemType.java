package dev.ganymede.problem;

import java.util.Locale;

/** Every kind of error that this service answers with; the type URI is stable, {@code docs/problems.md} explains each. */
public enum ProblemType {
    INVALID_REQUEST(400, "The request is not valid"),
    MALFORMED_JSON(400, "The body is not the JSON that is expected"),
    UNAUTHORIZED(401, "The credentials are missing, wrong, used up or expired"),
    FORBIDDEN(403, "The credentials do not allow this"),
    NOT_A_MEMBER(403, "The user is not a member of the organization"),
    NOT_FOUND(404, "There is no such resource"),
    ORGANIZATION_NOT_FOUND(404, "There is no such organization"),
    PROJECT_NOT_FOUND(404, "There is no such project"),
    MEMBER_NOT_FOUND(404, "There is no such member"),
    GATEWAY_NOT_FOUND(404, "There is no such gateway"),
    IMAGE_NOT_FOUND(404, "The engine has no such image"),
    UPGRADE_NOT_FOUND(404, "There has been no upgrade"),
    SNAPSHOT_NOT_FOUND(404, "The organization has no such snapshot"),
    METHOD_NOT_ALLOWED(405, "The resource does not have this method"),
    NOT_ACCEPTABLE(406, "The resource can't be represented as asked"),
    BODY_TIMEOUT(408, "The body did not arrive in time"),
    ALREADY_EXISTS(409, "Something with this identity exists"),
    STALE_GENERATION(409, "The allocation has ended; nothing was changed"),
    STALE_PUSH(409, "A later push of this allocation was stored; nothing was changed"),
    ORGANIZATION_NOT_EMPTY(409, "The organization has data already"),
    ORGANIZATION_LIVE(409, "The organization has a gateway; stop it first"),
    UPGRADE_RUNNING(409, "An upgrade of the pool is running"),
    LENGTH_REQUIRED(411, "The body's length must be announced"),
    PAYLOAD_TOO_LARGE(413, "The body is larger than allowed"),
    UNSUPPORTED_MEDIA_TYPE(415, "The body's media type is not supported"),
    POOL_LIMIT(409, "The pool can't grow beyond its limit"),
    BLOBS_MISSING(422, "Data that was referred to is not stored; send it"),
    TOO_MANY_REQUESTS(429, "Too many of these are under way; try again"),
    REQUEST_REFUSED(400, "The request was refused"),
    INTERNAL(500, "Something went wrong on our side"),
    SNAPSHOT_DAMAGED(500, "The stored snapshot is damaged"),
    DATA_UNREADABLE(500, "The organization's data can't be loaded"),
    OVERLOADED(503, "Too much is under way already; try again"),
    START_FAILED(503, "No gateway could be brought up; try again"),
    POOL_EXHAUSTED(503, "No gateway is ready; try again"),
    DEPENDENCY_UNAVAILABLE(503, "A system that this needs is not available; try again"),
    START_TIMEOUT(504, "The gateway did not come up in time"),
    QUOTA_EXCEEDED(507, "The organization's data is larger than its quota");

    private static final String BASE = "https://ganymede.dev/problems/";

    private final int status;
    private final String title;

    ProblemType(int status, String title) {
        this.status = status;
        this.title = title;
    }

    /** HTTP status. */
    public int status() {
        return status;
    }

    /** Short, the same for every occurrence. */
    public String title() {
        return title;
    }

    /** Stable identifier of the kind. */
    public String uri() {
        return BASE + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
