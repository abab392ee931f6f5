package dev.ganymede.snapshot;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** The store's settings as the service has them by default, but for what a test says. */
final class StoreSettings {

    private final Map<String, String> values = new HashMap<>(Map.of(
            "ganymede.retention.every",
            "10S",
            "ganymede.snapshot.spool-directory",
            System.getProperty("java.io.tmpdir")));

    StoreSettings with(String name, Object value) {
        values.put(name, value.toString());
        return this;
    }

    SnapshotConfig snapshots() {
        return mapping(SnapshotConfig.class);
    }

    RetentionConfig retention() {
        return mapping(RetentionConfig.class);
    }

    <T> T mapping(Class<T> type) {
        return new SmallRyeConfigBuilder()
                .withMapping(type)
                .withConverter(Path.class, 200, Path::of)
                .withConverter(Duration.class, 200, new DurationConverter())
                .withDefaultValues(values)
                .withValidateUnknown(false)
                .build()
                .getConfigMapping(type);
    }
}
