package dev.ganymede.problem;

import io.vertx.core.json.JsonObject;

/** A problem's body for answers that are given before a resource is reached. */
public final class ProblemJson {

    /** RFC 9457's media type. */
    public static final String MEDIA_TYPE = "application/problem+json";

    private ProblemJson() {}

    /** The body as JSON text. */
    public static String encode(Problem problem, String instance) {
        ProblemType type = problem.type();
        JsonObject body = new JsonObject()
                .put("type", type.uri())
                .put("title", type.title())
                .put("status", type.status());
        if (problem.getMessage() != null) {
            body.put("detail", problem.getMessage());
        }
        return body.put("instance", instance).encode();
    }
}
