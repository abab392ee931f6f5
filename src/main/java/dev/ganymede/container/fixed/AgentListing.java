package dev.ganymede.container.fixed;

import dev.ganymede.container.ContainerId;
import dev.ganymede.container.ContainerInventory;
import dev.ganymede.container.ObservedContainer;
import dev.ganymede.container.ObservedContainer.Status;
import dev.ganymede.id.GatewayId;
import dev.ganymede.id.LifeId;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What the agent listed last. As long as its tag is the agent's, nothing is sent and nothing read anew: ten thousand containers that nobody touched cost one small answer.
 *
 * @param tag the agent's, of this list; empty when it gives none
 */
record AgentListing(Optional<String> tag, ContainerInventory inventory) {

    static final AgentListing NONE =
            new AgentListing(Optional.empty(), new ContainerInventory(List.of(), java.util.Set.of()));

    static AgentListing read(AgentAnswer answer) {
        return new AgentListing(answer.tag(), answer.read(AgentListing::inventory));
    }

    private static ContainerInventory inventory(JsonObject body) {
        return new ContainerInventory(
                objects(body.getJsonArray("containers"), AgentListing::observed),
                body.getJsonArray("foreign_names").stream()
                        .map(String.class::cast)
                        .collect(Collectors.toSet()));
    }

    private static <T> List<T> objects(JsonArray array, Function<JsonObject, T> reader) {
        return array.stream().map(JsonObject.class::cast).map(reader).toList();
    }

    private static ObservedContainer observed(JsonObject container) {
        return new ObservedContainer(
                new ContainerId(container.getString("id")),
                container.getString("name"),
                gateway(container),
                life(container),
                Status.valueOf(container.getString("status").toUpperCase(Locale.ROOT)));
    }

    static Optional<GatewayId> gateway(JsonObject container) {
        return Optional.ofNullable(container.getString("gateway")).map(GatewayId::parse);
    }

    static Optional<LifeId> life(JsonObject container) {
        return Optional.ofNullable(container.getString("life")).map(LifeId::parse);
    }
}
