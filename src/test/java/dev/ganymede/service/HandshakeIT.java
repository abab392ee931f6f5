package dev.ganymede.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;

import dev.ganymede.secret.Secret;
import dev.ganymede.world.Api;
import dev.ganymede.world.SimulatedGateway;
import dev.ganymede.world.Sql;
import dev.ganymede.world.TestDatabase;
import dev.ganymede.world.World;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class HandshakeIT {

    @Inject
    World world;

    @Inject
    DataSource dataSource;

    private Sql sql;

    @BeforeEach
    void fresh() {
        sql = new Sql(dataSource);
        world.reset();
    }

    @Test
    void worksOnce() throws Exception {
        Secret token = handshakeFor("gw-pool-0", "interval '1 minute'");
        redeem(bootToken("gw-pool-0"), token.value())
                .then()
                .statusCode(200)
                .body("organization_name", equalTo("Company A"))
                .body("gateway_token", notNullValue())
                .body("access_tokens.jwks.keys[0].crv", equalTo("P-256"));
        redeem(bootToken("gw-pool-0"), token.value()).then().statusCode(401);
    }

    @Test
    void isOverWhenItsTimeIs() throws Exception {
        Secret token = handshakeFor("gw-pool-0", "interval '-1 second'");
        redeem(bootToken("gw-pool-0"), token.value())
                .then()
                .statusCode(401)
                .contentType("application/problem+json")
                .header("WWW-Authenticate", "Bearer");
    }

    @Test
    void worksForItsOwnGatewayOnly() throws Exception {
        Secret token = handshakeFor("gw-pool-0", "interval '1 minute'");
        redeem(bootToken("gw-pool-1"), token.value()).then().statusCode(401);
        redeem(Secret.random().value(), token.value()).then().statusCode(401);
        redeem(bootToken("gw-pool-0"), Secret.random().value()).then().statusCode(401);
        // and none of that has used it up
        redeem(bootToken("gw-pool-0"), token.value()).then().statusCode(200);
    }

    @Test
    void theBootTokenOfAnEarlierLifeOpensNothing() {
        String earlier = bootToken("gw-pool-0");
        world.containers.killByName("gw-pool-0");
        await().until(() ->
                bootTokens("gw-pool-0").size() == 1 && !bootToken("gw-pool-0").equals(earlier));
        world.awaitReady(3);
        Api.gateway(earlier).post("/gateway/ready").then().statusCode(401);
        redeem(earlier, "anything").then().statusCode(401);
    }

    @Test
    void readyIsIdempotentAndNeverTakesAGatewayFromItsOrganization() {
        String organization = Api.organization("Company A");
        Api.start(organization).then().statusCode(200);
        SimulatedGateway gateway = world.gateways.serving(organization).orElseThrow();
        Api.gateway(gateway.spec().bootToken())
                .post("/gateway/ready")
                .then()
                .statusCode(200)
                .body("state", equalTo("ALLOCATED"));
        assertThat(world.serving()).containsExactly(organization);
    }

    @Test
    void aServingGatewayMayReadItsConfigurationAnew() {
        String organization = Api.organization("Company A");
        Api.start(organization).then().statusCode(200);
        SimulatedGateway gateway = world.gateways.serving(organization).orElseThrow();
        Api.project(organization, "Added while it serves");
        Response refreshed = Api.gateway(gateway.token()).get("/gateway/organization");
        refreshed.then().statusCode(200).body("projects[0].name", equalTo("Added while it serves"));
        assertThat(refreshed.jsonPath().getMap("")).doesNotContainKey("gateway_token");
        Api.gateway(gateway.spec().bootToken())
                .get("/gateway/organization")
                .then()
                .statusCode(401);
    }

    @Test
    void noSecretStandsInTheDatabase() {
        String organization = Api.organization("Company A");
        Api.start(organization).then().statusCode(200);
        SimulatedGateway gateway = world.gateways.serving(organization).orElseThrow();
        for (String table : List.of("gateway", "allocation", "organization", "snapshot")) {
            List<String> rows = sql.column("select t::text from " + table + " t");
            assertThat(rows)
                    .noneMatch(row -> row.contains(gateway.token())
                            || row.contains(gateway.spec().bootToken()));
        }
        assertThat(sql.column("select octet_length(gateway_token_hash) from allocation where state <> 'ENDED'"))
                .containsExactly("32");
    }

    @Test
    void noSecretIsLogged() {
        Queue<String> lines = new ConcurrentLinkedQueue<>();
        Handler recorder = new Handler() {
            @Override
            public void publish(LogRecord line) {
                lines.add(new SimpleFormatter().format(line));
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger everything = Logger.getLogger("dev.ganymede");
        Level before = everything.getLevel();
        everything.setLevel(Level.ALL);
        everything.addHandler(recorder);
        SimulatedGateway gateway;
        try {
            String organization = Api.organization("Company A");
            Api.start(organization).then().statusCode(200);
            gateway = world.gateways.serving(organization).orElseThrow();
            gateway.leave();
            world.awaitReady(3);
        } finally {
            everything.removeHandler(recorder);
            everything.setLevel(before);
        }
        List<String> bootTokens = world.containers.running().stream()
                .map(spec -> spec.bootToken())
                .toList();
        assertThat(lines).anyMatch(line -> line.contains("serving"));
        assertThat(lines)
                .noneMatch(line -> line.contains(gateway.token())
                        || line.contains(gateway.spec().bootToken())
                        || bootTokens.stream().anyMatch(line::contains)
                        || line.contains(Api.KEY));
    }

    /** An allocation in the middle of its handshake, whose token the test knows. */
    private Secret handshakeFor(String gateway, String validFor) throws Exception {
        String organization = Api.organization("Company A");
        Secret token = Secret.random();
        sql.execute("with taken as (update gateway set state = 'ALLOCATED' where name = '" + gateway
                + "' returning id), counted as (update organization set generation = 1 where id = '" + organization
                + "') insert into allocation (id, organization_id, gateway_id, generation, state, handshake_token_hash,"
                + " handshake_expires_at, started_at) select gen_random_uuid(), '" + organization
                + "', id, 1, 'HANDSHAKING', '\\x"
                + HexFormat.of().formatHex(token.hash().bytes())
                + "', now() + " + validFor + ", now() from taken");
        return token;
    }

    private String bootToken(String name) {
        return bootTokens(name).get(0);
    }

    private List<String> bootTokens(String name) {
        return world.containers.running().stream()
                .filter(spec -> spec.name().equals(name))
                .map(spec -> spec.bootToken())
                .toList();
    }

    private static Response redeem(String bootToken, String handshakeToken) {
        return Api.gateway(bootToken)
                .body(Map.of("tmp_handshake_token", handshakeToken))
                .post("/gateway/config");
    }
}
