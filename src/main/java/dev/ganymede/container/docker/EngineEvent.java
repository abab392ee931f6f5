package dev.ganymede.container.docker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ganymede.container.ContainerEvent;
import dev.ganymede.container.ContainerId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads one line of the engine's event stream; everything that matters stands in it, so nobody has to inspect what is already gone. */
record EngineEvent(Labels labels) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String DIE = "die";
    private static final Set<String> CHANGES = Set.of("start", "destroy", "rename", "pause", "unpause");

    /** What the engine is asked to send. */
    static String filter(Labels labels) {
        var filter = JSON.createObjectNode();
        filter.putArray("type").add("container");
        labels.ofEnvironment().forEach((key, value) -> filter.putArray("label").add(key + "=" + value));
        var actions = filter.putArray("event").add(DIE);
        CHANGES.stream().sorted().forEach(actions::add);
        return filter.toString();
    }

    /** Empty for what isn't ours, or doesn't matter. */
    Optional<ContainerEvent> read(String line) throws JsonProcessingException {
        JsonNode event = JSON.readTree(line);
        String id = event.path("Actor").path("ID").asText();
        String action = event.path("Action").asText();
        Map<String, String> attributes = attributes(event);
        if (id.isEmpty() || !labels.areOurs(attributes)) {
            return Optional.empty();
        }
        if (DIE.equals(action)) {
            return Optional.of(
                    new ContainerEvent.Ended(new ContainerId(id), Labels.gateway(attributes), Labels.life(attributes)));
        }
        return CHANGES.contains(action)
                ? Optional.of(new ContainerEvent.Changed(new ContainerId(id), action))
                : Optional.empty();
    }

    private static Map<String, String> attributes(JsonNode event) {
        Map<String, String> attributes = new HashMap<>();
        event.path("Actor")
                .path("Attributes")
                .properties()
                .forEach(
                        field -> attributes.put(field.getKey(), field.getValue().asText()));
        return attributes;
    }
}
