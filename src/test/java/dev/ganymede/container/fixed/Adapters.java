package dev.ganymede.container.fixed;

import dev.ganymede.container.GatewayConfigs;
import dev.ganymede.container.GatewaySettings;
import dev.ganymede.id.Domain;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Adapters to one agent, with settings as Quarkus would read them; one for each set of settings. */
final class Adapters implements AutoCloseable {

    private final Vertx vertx = Vertx.vertx();
    private final String agent;
    private final Map<Map<String, String>, FixedContainerRuntime> made = new HashMap<>();

    Adapters(String agent) {
        this.agent = agent;
    }

    /** @param overrides keys without their prefix */
    FixedContainerRuntime with(Map<String, String> overrides) {
        return made.computeIfAbsent(overrides, this::make);
    }

    private FixedContainerRuntime make(Map<String, String> overrides) {
        Map<String, String> values =
                new HashMap<>(Map.of("ganymede.static.agent", agent, "ganymede.static.node-address", "127.0.78.1"));
        overrides.forEach((key, value) -> values.put("ganymede.static." + key, value));
        FixedConfig config = new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .addDiscoveredConverters()
                .withSources(new PropertiesConfigSource(values, "test", 100))
                .withMapping(FixedConfig.class)
                .build()
                .getConfigMapping(FixedConfig.class);
        return new FixedContainerRuntime(
                vertx, config, GatewayConfigs.with(Map.of()), new PlainHttp(), "it", new Domain("it.local"));
    }

    /** Ganymede without an edge. */
    private static final class PlainHttp implements GatewaySettings {

        @Override
        public URI ganymedeUrl() {
            return URI.create("http://ganymede.it.local");
        }

        @Override
        public Uni<Optional<String>> authorityPem() {
            return Uni.createFrom().item(Optional.empty());
        }
    }

    @Override
    public void close() {
        made.values().forEach(FixedContainerRuntime::close);
        vertx.closeAndAwait();
    }
}
