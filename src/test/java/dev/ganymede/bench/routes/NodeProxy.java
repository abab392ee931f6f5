package dev.ganymede.bench.routes;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** configurable-http-proxy, JupyterHub's: one Node process with a table in memory. */
final class NodeProxy extends Baseline {

    NodeProxy(Path scripts, Path scratch, int port) throws IOException {
        super("configurable-http-proxy", scripts, scratch, port);
    }

    @Override
    public String name() {
        return "configurable-http-proxy";
    }

    @Override
    public void start(List<Tenant> tenants, int gatewayPort) throws Exception {
        launch();
        for (Tenant tenant : tenants) {
            move(tenant, gatewayPort);
        }
    }

    @Override
    public void move(Tenant tenant, int gatewayPort) throws Exception {
        call("POST", "/api/routes/" + tenant.host(), "{\"target\": \"http://127.0.0.1:" + gatewayPort + "\"}");
    }
}
