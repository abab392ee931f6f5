package dev.ganymede.world;

import dev.ganymede.simulator.Simulator;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.net.URI;
import java.util.Map;
import java.util.Optional;

/** An agent with simulated gateways, for a service under test that has the static runtime. */
public final class SimulatedNode implements QuarkusTestResourceLifecycleManager {

    /** Where its gateways listen. */
    public static final String ADDRESS = "127.0.79.1";

    private static final int SLOTS = 1_000;

    private Simulator simulator;

    @Override
    public Map<String, String> start() {
        // the service's own port, set in the tests' application.properties: there is no edge
        URI ganymede = URI.create("http://127.0.0.1:18600");
        simulator = new Simulator(
                new Simulator.Settings(ADDRESS, 0, SLOTS, Optional.of("agent-token"), Optional.of(ganymede)));
        return Map.of(
                "ganymede.runtime",
                "static",
                "ganymede.static.agent",
                "http://" + ADDRESS + ":" + simulator.port(),
                "ganymede.static.token",
                "agent-token",
                "ganymede.static.node-address",
                ADDRESS);
    }

    @Override
    public void stop() {
        if (simulator != null) {
            simulator.close();
        }
    }
}
