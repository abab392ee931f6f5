package dev.ganymede.simulator;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A container that the agent is asked for, checked.
 *
 * @param variables of its environment
 */
public record Order(
        String environment,
        String name,
        String gateway,
        String life,
        int httpPort,
        Optional<String> image,
        Map<String, String> variables) {

    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}");
    private static final int MAX_PORT = 65_535;

    /** Fails with {@link IllegalArgumentException}, which says what is wrong. */
    static Order read(String environment, JsonObject body) {
        return new Order(
                environment,
                name(body.getString("name")),
                id(body.getString("gateway")),
                id(body.getString("life")),
                port(body.getInteger("http_port")),
                Optional.ofNullable(body.getString("image")),
                variables(body.getJsonArray("variables").stream()
                        .map(String.class::cast)
                        .toList()));
    }

    static String name(String name) {
        if (name == null || !NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("that is no name: " + name);
        }
        return name;
    }

    private static String id(String text) {
        return UUID.fromString(text).toString();
    }

    private static int port(Integer port) {
        if (port == null || port < 1 || port > MAX_PORT) {
            throw new IllegalArgumentException("that is no port: " + port);
        }
        return port;
    }

    private static Map<String, String> variables(List<String> variables) {
        return variables.stream()
                .map(variable -> variable.split("=", 2))
                .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1]));
    }
}
