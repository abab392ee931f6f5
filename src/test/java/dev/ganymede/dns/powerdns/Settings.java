package dev.ganymede.dns.powerdns;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
import java.util.Map;

/** Settings as Quarkus would read them: the mapping with its defaults, and a few values on top. */
final class Settings {

    private Settings() {}

    /** @param overrides keys without their prefix */
    static PowerDnsConfig with(Map<String, String> overrides) {
        Map<String, String> values = new HashMap<>(
                Map.of("ganymede.dns.host-address", "127.0.0.7", "ganymede.dns.powerdns.url", "http://127.0.0.1:1"));
        overrides.forEach((key, value) -> values.put("ganymede.dns." + key, value));
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .addDiscoveredConverters()
                .withSources(new PropertiesConfigSource(values, "test", 100))
                .withMapping(PowerDnsConfig.class)
                .build()
                .getConfigMapping(PowerDnsConfig.class);
    }
}
