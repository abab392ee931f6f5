package dev.ganymede.simulator;

import io.vertx.core.json.JsonObject;

/** A refusal, as it is told to the caller. */
final class Problem extends RuntimeException {

    private final int status;
    private final String word;

    Problem(int status, String word, String detail) {
        super(detail, null, false, false);
        this.status = status;
        this.word = word;
    }

    int status() {
        return status;
    }

    JsonObject body() {
        return new JsonObject()
                .put("type", "https://ganymede.dev/problems/" + word)
                .put("status", status)
                .put("detail", getMessage());
    }
}
