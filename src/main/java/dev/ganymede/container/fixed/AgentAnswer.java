package dev.ganymede.container.fixed;

import dev.ganymede.container.ContainerRuntimeException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.function.Function;

/**
 * What the agent said.
 *
 * @param tag of what it listed, to be shown with the next question
 */
record AgentAnswer(int status, Optional<String> tag, Buffer body) {

    private static final int MAX_REASON_LENGTH = 300;

    boolean isOk() {
        return status >= 200 && status < 300;
    }

    /** The body as the reader makes it out; nonsense is the agent's failure. */
    <T> T read(Function<JsonObject, T> reader) {
        try {
            return reader.apply(new JsonObject(body));
        } catch (DecodeException | ClassCastException | NullPointerException | IllegalArgumentException nonsense) {
            throw new ContainerRuntimeException("the agent's answer could not be read", nonsense);
        }
    }

    /** The last word of the problem's type; empty when it gave none. */
    String problem() {
        String type = text("type");
        return type.substring(type.lastIndexOf('/') + 1);
    }

    /** The agent's own sentence on one line, bounded. */
    String reason() {
        String detail = text("detail").isBlank() ? problem() : text("detail");
        String line = (detail.isBlank() ? "it answered " + status : detail)
                .replaceAll("\\s+", " ")
                .strip();
        return line.length() <= MAX_REASON_LENGTH ? line : line.substring(0, MAX_REASON_LENGTH) + "…";
    }

    private String text(String field) {
        try {
            return new JsonObject(body).getString(field, "");
        } catch (DecodeException | ClassCastException noProblem) {
            return "";
        }
    }
}
