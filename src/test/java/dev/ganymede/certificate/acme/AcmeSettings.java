package dev.ganymede.certificate.acme;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;

/** Settings as Quarkus would read them: the mapping with its defaults, and a few values on top. */
final class AcmeSettings {

    private AcmeSettings() {}

    static AcmeConfig of(URI directory) {
        return with(
                Map.of("directory", directory.toString(), "accept-terms", "true", "contact", "mailto:a@example.org"));
    }

    /** @param values keys without their prefix */
    static AcmeConfig with(Map<String, String> values) {
        Map<String, String> properties = new HashMap<>();
        values.forEach((key, value) -> properties.put("ganymede.certificate.acme." + key, value));
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .addDiscoveredConverters()
                .withSources(new PropertiesConfigSource(properties, "test", 100))
                .withMapping(AcmeConfig.class)
                .build()
                .getConfigMapping(AcmeConfig.class);
    }
}
