package dev.ganymede.container.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.core.DockerClientConfig;
import dev.ganymede.container.ContainerId;
import dev.ganymede.container.ContainerInventory;
import dev.ganymede.container.ObservedContainer;
import dev.ganymede.container.ObservedContainer.Status;
import dev.ganymede.id.GatewayId;
import dev.ganymede.id.LifeId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InventoryTest {

    private static final String GATEWAY = "0b0e5bd1-43a4-4a0e-9c11-6a4e6a3b1f11";
    private static final String LIFE = "5b8f0c8e-1d50-4c52-8a8b-0c7f7a1f2d33";

    @Test
    void sortsOursFromOthers() throws JsonProcessingException {
        ContainerInventory inventory = read(
                """
            [{"Id": "a1", "Names": ["/gw-pool-0"], "State": "running", "Labels": {
                "dev.ganymede.environment": "dev-001", "dev.ganymede.gateway": "%s", "dev.ganymede.life": "%s"}},
             {"Id": "b2", "Names": ["/gw-pool-1", "/web/alias"], "State": "running", "Labels": {
                "dev.ganymede.environment": "dev-002"}},
             {"Id": "c3", "Names": null, "State": "removing", "Labels": null}]
            """
                        .formatted(GATEWAY, LIFE));

        assertThat(inventory)
                .isEqualTo(new ContainerInventory(
                        List.of(new ObservedContainer(
                                new ContainerId("a1"),
                                "gw-pool-0",
                                Optional.of(GatewayId.parse(GATEWAY)),
                                Optional.of(LifeId.parse(LIFE)),
                                Status.RUNNING)),
                        java.util.Set.of("gw-pool-1")));
    }

    @Test
    void aDamagedLabelIsEmpty() throws JsonProcessingException {
        ContainerInventory inventory = read(
                """
            [{"Id": "a1", "Names": ["/gw-pool-0"], "State": "running", "Labels": {
                "dev.ganymede.environment": "dev-001", "dev.ganymede.gateway": "../../etc"}}]
            """);

        assertThat(inventory.owned().get(0).gateway()).isEmpty();
        assertThat(inventory.owned().get(0).life()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "created, CREATED",
        "running, RUNNING",
        "paused, RUNNING",
        "restarting, RUNNING",
        "exited, ENDED",
        "dead, ENDED",
        "removing, ENDED",
        "something-new, ENDED"
    })
    void knowsWhatDockersStatesMean(String state, Status expected) throws JsonProcessingException {
        ContainerInventory inventory = read(
                """
            [{"Id": "a1", "Names": ["/gw-pool-0"], "State": "%s", "Labels": {"dev.ganymede.environment": "dev-001"}}]
            """
                        .formatted(state));

        assertThat(inventory.owned().get(0).status()).isEqualTo(expected);
    }

    private static ContainerInventory read(String json) throws JsonProcessingException {
        List<Container> listing =
                DockerClientConfig.getDefaultObjectMapper().readValue(json, new TypeReference<List<Container>>() {});
        return Inventory.of(listing, new Labels("dev-001"));
    }
}
