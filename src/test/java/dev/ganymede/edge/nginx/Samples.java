package dev.ganymede.edge.nginx;

import dev.ganymede.id.Domain;
import dev.ganymede.id.Endpoint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Settings for tests. */
final class Samples {

    private Samples() {}

    static EdgeSettings settings(Path directory) {
        return settings(directory, Optional.empty());
    }

    static EdgeSettings luaSettings(Path directory) {
        List<Path> modules = List.of(Path.of("/usr/lib/nginx/modules/ngx_http_lua_module.so"));
        return settings(directory, Optional.of(new LuaSettings(modules, 32, 10_000)));
    }

    private static EdgeSettings settings(Path directory, Optional<LuaSettings> lua) {
        return new EdgeSettings(
                new Domain("domain.local"),
                directory,
                Path.of("/srv/frontend"),
                List.of("127.0.0.2", "172.18.0.1"),
                80,
                443,
                List.of(new Endpoint("127.0.0.2", 6000), new Endpoint("127.0.0.2", 6001)),
                "www-data",
                new EdgeLimits(80, 16, 500, 5000, lua.isPresent() ? Duration.ofDays(365) : Duration.ZERO),
                Duration.ofMinutes(10),
                lua);
    }
}
