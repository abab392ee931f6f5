package dev.ganymede.container.docker;

import dev.ganymede.container.GatewaySettings;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.mutiny.Uni;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Settings as Quarkus would read them: the mapping with its defaults, and a few values on top. */
final class Settings {

    static final String AUTHORITY = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";

    private static final Map<String, String> REQUIRED = Map.of(
            "ganymede.docker.image", "gateway:latest",
            "ganymede.docker.network", "bridge",
            "ganymede.docker.workspace-volume", "workspace",
            "ganymede.docker.log-directory", "/var/log/ganymede/test",
            "ganymede.docker.node-address", "127.0.0.1",
            "ganymede.docker.ganymede-address", "host-gateway");

    private Settings() {}

    /** @param overrides keys without their prefix */
    static DockerConfig with(Map<String, String> overrides) {
        Map<String, String> values = new HashMap<>(REQUIRED);
        overrides.forEach((key, value) -> values.put("ganymede.docker." + key, value));
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .addDiscoveredConverters()
                .withSources(new PropertiesConfigSource(values, "test", 100))
                .withMapping(DockerConfig.class)
                .build();
        return config.getConfigMapping(DockerConfig.class);
    }

    static GatewaySettings gateway() {
        return new GatewaySettings() {
            @Override
            public URI ganymedeUrl() {
                return URI.create("https://ganymede.it.local:8443");
            }

            @Override
            public Uni<Optional<String>> authorityPem() {
                return Uni.createFrom().item(Optional.of(AUTHORITY));
            }
        };
    }
}
