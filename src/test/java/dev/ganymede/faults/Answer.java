package dev.ganymede.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.time.Duration;

/**
 * What a caller got, and when.
 *
 * @param status 0 when nobody answered
 */
record Answer(int status, JsonNode body, Duration after) {

    private static final String PROBLEMS = "https://ganymede.dev/problems/";

    static Answer none(Duration after) {
        return new Answer(0, MissingNode.getInstance(), after);
    }

    boolean ok() {
        return status / 100 == 2;
    }

    /** The problem's slug; empty for anything else. */
    String problem() {
        String type = body.path("type").asText();
        return type.startsWith(PROBLEMS) ? type.substring(PROBLEMS.length()) : "";
    }

    /** For the reports: {@code 503 dependency-unavailable}. */
    String said() {
        return status == 0 ? "no answer" : (status + " " + problem()).strip();
    }
}
