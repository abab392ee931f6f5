package dev.ganymede.container.fixed;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Optional;

/**
 * One question to the agent.
 *
 * @param what completes the sentence "could not …" for operators
 * @param path below the environment, with its query
 * @param knownTag of the listing that the caller still has
 * @param extra time on top of what any call may take
 */
record AgentCall(
        String what,
        HttpMethod method,
        String path,
        Optional<JsonObject> body,
        Optional<String> knownTag,
        Duration extra) {

    static AgentCall get(String what, String path) {
        return new AgentCall(what, HttpMethod.GET, path, Optional.empty(), Optional.empty(), Duration.ZERO);
    }

    static AgentCall delete(String what, String path) {
        return new AgentCall(what, HttpMethod.DELETE, path, Optional.empty(), Optional.empty(), Duration.ZERO);
    }

    static AgentCall send(String what, HttpMethod method, String path, JsonObject body) {
        return new AgentCall(what, method, path, Optional.of(body), Optional.empty(), Duration.ZERO);
    }

    AgentCall unless(Optional<String> tag) {
        return new AgentCall(what, method, path, body, tag, extra);
    }

    AgentCall lasting(Duration extraTime) {
        return new AgentCall(what, method, path, body, knownTag, extraTime);
    }
}
