package dev.ganymede.edge.nginx;

import dev.ganymede.id.Domain;
import dev.ganymede.id.Endpoint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Settings for tests. */
final class Samples {

    private Samples() {}

    static EdgeSettings settings(Path directory) {
        return new EdgeSettings(
                new Domain("domain.local"),
                directory,
                Path.of("/srv/frontend"),
                List.of("127.0.0.2", "172.18.0.1"),
                80,
                443,
                List.of(new Endpoint("127.0.0.2", 6000), new Endpoint("127.0.0.2", 6001)),
                "www-data",
                80,
                Duration.ofMinutes(10));
    }
}
