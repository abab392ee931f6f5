package dev.ganymede.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Gateways that are ready and no good, and a stranger on their network. */
@Order(5)
class GatewayFaults {

    private static final int STRANGER_SECONDS = 5;

    private final World world = World.open();
    private final UUID served = world.organizations("gateways", 2).get(0).id();
    private final UUID late = world.organizations("gateways", 2).get(1).id();

    @AfterEach
    void rest() {
        world.rest();
    }

    @Test
    void gatewaysThatAnswerGarbage() {
        spoilsEveryStart("garbage", "gateways answer garbage");
    }

    @Test
    void gatewaysThatNeverAnswer() {
        spoilsEveryStart("silent", "gateways never answer");
    }

    /** Brought in by a rolling upgrade, and put out by the next one. */
    private void spoilsEveryStart(String manner, String fault) {
        long generation = world.serve(served).generation();
        String bad = build(manner);
        try {
            upgrade(bad);
            await("ready gateways are replaced").atMost(World.GENEROUS).until(() -> everyReadyOneRuns(bad));
            Answer start = world.api.start(late);
            assertThat(start.problem()).as(start.toString()).isIn("start-failed", "start-timeout");
            assertThat(world.edge.serves(served)).as("who is served").isEqualTo(generation);
            String seen = failures();
            // it may have stopped by itself: such an image fails
            world.api.post("/gateway/pool/upgrade/stop", null);
            upgrade(world.environment.get("GATEWAY_IMAGE"));
            long begun = System.nanoTime();
            await("starts work again")
                    .atMost(World.GENEROUS.multipliedBy(2))
                    .until(() -> world.api.start(late).ok());
            Duration again = Api.since(begun);
            world.figures.fault(
                    fault,
                    "starts: " + start.said() + " after " + Times.seconds(start.after())
                            + "; who is served stays served",
                    seen,
                    "starts again " + Times.seconds(again) + " after an upgrade back");
        } finally {
            world.rest();
            Shell.attempt(java.util.List.of("docker", "rmi", "--force", bad));
        }
    }

    private String build(String manner) {
        String image = "ganymede-faults-" + world.environment.name() + ":" + manner;
        world.docker.act(
                "build",
                "--quiet",
                "--tag",
                image,
                "--build-arg",
                "MANNER=" + manner,
                "--build-arg",
                "GATEWAY_IMAGE=" + world.environment.get("GATEWAY_IMAGE"),
                "scripts/faults/bad-gateway");
        return image;
    }

    private void upgrade(String image) {
        Answer answer = world.api.post("/gateway/pool/upgrade", "{\"image\":\"" + image + "\"}");
        assertThat(answer.status()).as(answer.toString()).isEqualTo(202);
    }

    private boolean everyReadyOneRuns(String image) {
        JsonNode rollout = world.api.get("/gateway/pool/upgrade").body();
        JsonNode totals = world.api.get("/gateway/pool").body().path("totals");
        return rollout.path("image").asText().equals(image)
                && rollout.path("remaining").path("ready").asLong(-1) == 0
                && rollout.path("remaining").path("other").asLong(-1) == 0
                && totals.path("ready").asLong() > 0;
    }

    private String failures() {
        for (JsonNode member : world.api.get("/gateway/pool").body().path("gateways")) {
            if (member.path("failures").asLong() > 0) {
                return "pool: `" + member.path("name").asText() + "` "
                        + member.path("state").asText() + ", failures " + member.path("failures") + ", "
                        + member.path("reason").asText() + "; log: `given up`";
            }
        }
        throw new AssertionError(
                "the pool shows no failures: " + world.api.get("/gateway/pool").body());
    }

    @Test
    void aStrangerGetsNothingAndDisturbsNobody() throws Exception {
        Environment environment = world.environment;
        String image = build("stranger");
        String host = "ganymede." + environment.domain();
        String url = "https://" + host + ":" + environment.get("EDGE_HTTPS_PORT") + "/gateway/config";
        CompletableFuture<String> stranger = CompletableFuture.supplyAsync(() -> Shell.run(
                "docker",
                "run",
                "--rm",
                "--network",
                environment.get("GATEWAY_NETWORK"),
                "--label",
                "dev.ganymede.faults=" + environment.name(),
                "--add-host",
                host + ":" + environment.get("GANYMEDE_ADDRESS_IN_CONTAINER"),
                image,
                "node",
                "/opt/gateway/stranger.mjs",
                url,
                String.valueOf(STRANGER_SECONDS)));
        int starts = 0;
        while (!stranger.isDone()) {
            Answer start = world.api.start(late);
            assertThat(start.said()).isIn("200", "503 pool-exhausted");
            starts += start.ok() ? 1 : 0;
            world.api.stop(late);
        }
        JsonNode answers = Api.parse(stranger.get());
        assertThat(answers.fieldNames()).toIterable().as(answers.toString()).containsExactly("401");
        assertThat(starts).as("handshakes meanwhile").isPositive();
        Shell.attempt(java.util.List.of("docker", "rmi", "--force", image));
        Duration healed = world.invariants.await(World.GENEROUS);
        world.figures.fault(
                "a stranger on the gateways' network calls /gateway/config",
                answers.path("401") + " guesses: 401 unauthorized, each; " + starts + " handshakes meanwhile succeed",
                "the edge's access.log",
                "nothing to heal (" + Times.seconds(healed) + ")");
    }
}
