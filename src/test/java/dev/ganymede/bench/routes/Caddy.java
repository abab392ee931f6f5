package dev.ganymede.bench.routes;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** Caddy's admin interface: each change is a change of its configuration, at the place that an id names. */
final class Caddy extends Baseline {

    private final int visitorsPort;

    Caddy(Path scripts, Path scratch, int port) throws IOException {
        super("caddy", scripts, scratch, port);
        this.visitorsPort = port;
    }

    @Override
    public String name() {
        return "Caddy, admin API";
    }

    @Override
    public String survives() {
        return "a killed process";
    }

    @Override
    public void start(List<Tenant> tenants, int gatewayPort) throws Exception {
        launch();
        String routes = tenants.stream()
                .map(tenant ->
                        """
                        {"@id": "%s", "match": [{"host": ["%s"]}], "handle":
                          [{"handler": "reverse_proxy", "upstreams": [{"dial": "127.0.0.1:%d"}]}]}"""
                                .formatted(tenant.host(), tenant.host(), gatewayPort))
                .collect(Collectors.joining(","));
        call(
                "POST",
                "/load",
                """
                {"admin": {"listen": "127.0.0.1:%d"}, "apps": {"http": {"servers": {"visitors":
                  {"listen": ["127.0.0.1:%d"], "automatic_https": {"disable": true}, "routes": [%s]}}}}}"""
                        .formatted(adminPort, visitorsPort, routes));
    }

    @Override
    public void move(Tenant tenant, int gatewayPort) throws Exception {
        call("PATCH", "/id/" + tenant.host() + "/handle/0/upstreams/0/dial", "\"127.0.0.1:" + gatewayPort + "\"");
    }
}
