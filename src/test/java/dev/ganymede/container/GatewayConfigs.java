package dev.ganymede.container;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import java.util.stream.Collectors;

/** What gateways are told, as Quarkus would read it: the mapping with its defaults, and a few values on top. */
public final class GatewayConfigs {

    private GatewayConfigs() {}

    /** @param overrides keys without their prefix */
    public static GatewayConfig with(Map<String, String> overrides) {
        Map<String, String> values = overrides.entrySet().stream()
                .collect(Collectors.toMap(entry -> "ganymede.gateway." + entry.getKey(), Map.Entry::getValue));
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .addDiscoveredConverters()
                .withSources(new PropertiesConfigSource(values, "test", 100))
                .withMapping(GatewayConfig.class)
                .build()
                .getConfigMapping(GatewayConfig.class);
    }
}
