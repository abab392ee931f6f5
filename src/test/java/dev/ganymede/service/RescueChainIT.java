package dev.ganymede.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ganymede.world.Api;
import dev.ganymede.world.SimulatedGateway;
import dev.ganymede.world.Sql;
import dev.ganymede.world.TestDatabase;
import dev.ganymede.world.World;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/**
 * What was rescued, from the file to the push that has it in it, word for word as the gateway's own tests have it: they write this file, are given these answers, and
 * push this body ({@code contract.test.js}).
 */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class RescueChainIT {

    private static final Path CONTRACT = Path.of("docker-images/gateway/test/contract/rescue");
    private static final String UNCHANGED = "b2222222-0000-4000-8000-000000000002";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Inject
    World world;

    @Inject
    DataSource dataSource;

    @ConfigProperty(name = "ganymede.rescue.directory")
    Path logs;

    private String organization;

    @Test
    void whatOneGatewayLeavesTheNextOneIsGivenAndSaysThatItHasIt() throws IOException {
        world.reset();
        organization = Api.organization("Company A");
        SimulatedGateway before = served();
        JsonNode offer = JSON.readTree(contract("offer.json"));
        push(before, asPush(offer)).then().statusCode(200).body("version", equalTo(1));
        leaveFile(before);
        await("it is a version").atMost(PATIENCE).until(() -> versions("kind = 'RESCUE'") == 1);

        before.leave();
        world.awaitReady(3);
        SimulatedGateway next = served();
        assertThat(next.pulled()).isEqualTo(offer);
        Map<String, Object> wanted =
                Map.of("organization_id", organization, "gateway_id", gatewayId(next), "version", 2);
        assertThat(next.call("/gateway/data/pull", next.token(), wanted).body()).isEqualTo(contract("rescued.json"));
        JsonNode merged = JSON.readTree(contract("push.json"));
        push(next, of(next, merged.toString())).then().statusCode(200).body("version", equalTo(3));

        assertThat(versions("kind = 'RESCUE' and merged_at is not null")).isEqualTo(1);
        Response pulled = Api.gateway(next.token()).body(next.ids()).post("/gateway/data/pull");
        pulled.then().body("version", equalTo(3)).body("recoverable", empty());
        // what it referred to is there, too
        ObjectNode whole = states(merged).deepCopy();
        whole.set(UNCHANGED, states(offer).path(UNCHANGED));
        assertThat(states(JSON.readTree(pulled.asString()))).isEqualTo(whole);
    }

    private SimulatedGateway served() {
        Api.start(organization).then().statusCode(200);
        return world.gateways.serving(organization).orElseThrow();
    }

    /** Where the gateway's container has it, and as it is called there. */
    private void leaveFile(SimulatedGateway gateway) throws IOException {
        String name;
        try (Stream<Path> files = Files.list(CONTRACT)) {
            name = files.map(file -> file.getFileName().toString())
                    .filter(file -> file.startsWith("unsent-"))
                    .findFirst()
                    .orElseThrow();
        }
        String content = contract(name);
        JsonNode written = JSON.readTree(content);
        String generation = gateway.configuration().path("generation").asText();
        String left = of(gateway, content)
                .replace("\"generation\":" + written.path("generation"), "\"generation\":" + generation);
        Path directory = Files.createDirectories(logs.resolve(gateway.spec().name())
                .resolve(gateway.spec().life().toString()));
        Path draft = Files.writeString(directory.resolve(".draft"), left);
        String whose = written.path("organization_id").asText() + "-" + written.path("generation") + "-";
        Files.move(draft, directory.resolve(name.replace(whose, organization + "-" + generation + "-")));
    }

    private static String contract(String name) throws IOException {
        return Files.readString(CONTRACT.resolve(name)).strip();
    }

    /** The body, with these ids in place of those of the contract. */
    private String of(SimulatedGateway gateway, String body) throws IOException {
        JsonNode ids = JSON.readTree(body);
        return body.replace(ids.path("organization_id").asText(), organization)
                .replace(ids.path("gateway_id").asText(), gatewayId(gateway));
    }

    /** As the data came to be there. */
    private String asPush(JsonNode pulled) {
        return "{\"organization_id\":\"" + organization + "\",\"gateway_id\":\""
                + gatewayId(world.gateways.serving(organization).orElseThrow()) + "\",\"timestamp\":"
                + pulled.path("timestamp") + ",\"data\":" + pulled.path("data") + "}";
    }

    private static String gatewayId(SimulatedGateway gateway) {
        return gateway.ids().get("gateway_id");
    }

    private static Response push(SimulatedGateway gateway, String body) {
        return Api.gateway(gateway.token()).body(body).post("/gateway/data/push");
    }

    private static ObjectNode states(JsonNode body) {
        return (ObjectNode) body.path("data").path("yjs_state");
    }

    private long versions(String which) {
        return Long.parseLong(new Sql(dataSource)
                .value("select count(*) from snapshot where " + which + " and organization_id = '" + organization
                        + "'"));
    }
}
