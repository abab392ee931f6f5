package dev.ganymede.container.fixed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ganymede.container.ContainerId;
import dev.ganymede.container.ContainerRuntime;
import dev.ganymede.container.ContainerRuntimeContract;
import dev.ganymede.container.ContainerRuntimeException;
import dev.ganymede.container.ContainerSpec;
import dev.ganymede.container.CreateResult;
import dev.ganymede.id.GatewayId;
import dev.ganymede.id.LifeId;
import dev.ganymede.simulator.Order;
import dev.ganymede.simulator.Simulator;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The adapter with the simulator's agent, over real sockets. */
class FixedContainerRuntimeIT extends ContainerRuntimeContract {

    private static final String ADDRESS = "127.0.78.1";
    private static final int SLOTS = 4;
    private static final int FIRST_HTTP_PORT = 17_100;
    private static final int FIRST_VPN_PORT = 59_100;

    private Simulator simulator;
    private Adapters adapters;

    @BeforeEach
    void start() {
        // nobody listens there: these gateways never become ready
        URI nobody = URI.create("tcp://" + ADDRESS + ":1");
        simulator =
                new Simulator(new Simulator.Settings(ADDRESS, 0, SLOTS, Optional.of("secret"), Optional.of(nobody)));
        adapters = new Adapters("http://" + ADDRESS + ":" + simulator.port());
    }

    @AfterEach
    void end() {
        adapters.close();
        simulator.close();
    }

    @Test
    void anUnchangedListIsNotSentAgain() {
        created(spec(0));

        assertThat(inventory()).isSameAs(inventory());
        created(spec(1));
        assertThat(inventory().owned()).hasSize(2);
    }

    @Test
    void aFullNodeRefuses() {
        for (int number = 0; number < SLOTS; number++) {
            created(spec(number));
        }

        assertThat(get(runtime().create(spec(SLOTS)))).isInstanceOf(CreateResult.Refused.class);
    }

    @Test
    void aWrongTokenIsRefused() {
        ContainerRuntime stranger = adapters.with(Map.of("token", "guessed"));

        assertThatThrownBy(() -> get(stranger.ping())).isInstanceOf(ContainerRuntimeException.class);
        assertThatThrownBy(() -> get(stranger.create(spec(0)))).isInstanceOf(ContainerRuntimeException.class);
        assertThatThrownBy(() -> get(stranger.inventory())).isInstanceOf(ContainerRuntimeException.class);
    }

    @Override
    protected ContainerRuntime runtime() {
        return adapters.with(Map.of("token", "secret"));
    }

    @Override
    protected ContainerSpec spec(int number) {
        return new ContainerSpec(
                new GatewayId(UUID.randomUUID()),
                new LifeId(UUID.randomUUID()),
                "gw-pool-" + number,
                FIRST_HTTP_PORT + number,
                FIRST_VPN_PORT + number,
                Optional.empty(),
                "boot-token-" + number);
    }

    @Override
    protected void kill(ContainerId container) {
        simulator.kill(container.value());
    }

    @Override
    protected ContainerId addForeign(String name) {
        Map<String, String> variables = Map.of("GANYMEDE_URL", "http://" + ADDRESS, "GATEWAY_BOOT_TOKEN", "other");
        String id = UUID.randomUUID().toString();
        return new ContainerId(simulator.addForeign(
                new Order("other", name, id, id, FIRST_HTTP_PORT + 1_000, Optional.empty(), variables)));
    }

    @Override
    protected String image() {
        return "gateway:latest";
    }

    @Override
    protected String missingImage() {
        return "gateway:missing";
    }
}
