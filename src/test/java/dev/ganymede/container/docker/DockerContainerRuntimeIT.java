package dev.ganymede.container.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ganymede.container.ContainerId;
import dev.ganymede.container.ContainerRuntime;
import dev.ganymede.container.ContainerRuntimeContract;
import dev.ganymede.container.ContainerSpec;
import dev.ganymede.container.CreateResult;
import dev.ganymede.container.GatewayConfigs;
import dev.ganymede.id.Domain;
import dev.ganymede.id.GatewayId;
import dev.ganymede.id.LifeId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The adapter on this machine's engine, in an environment of its own. */
class DockerContainerRuntimeIT extends ContainerRuntimeContract {

    private static final String ENVIRONMENT =
            "it-" + UUID.randomUUID().toString().substring(0, 8);
    private static final String IMAGE = "ganymede-" + ENVIRONMENT + ":polite";
    private static final String STUBBORN_IMAGE = "ganymede-" + ENVIRONMENT + ":stubborn";
    private static final String WORKSPACE = "ganymede-" + ENVIRONMENT + "-workspace";
    private static final String FOREIGN_LABEL = "dev.ganymede.test=" + ENVIRONMENT;
    private static final int FIRST_HTTP_PORT = 17_100;
    private static final int FIRST_VPN_PORT = 59_100;

    @TempDir
    Path logs;

    private DockerContainerRuntime runtime;

    @BeforeAll
    static void makeImages() {
        RealEngine.ensure();
        RealEngine.importShell(IMAGE, "exit 0");
        RealEngine.importShell(STUBBORN_IMAGE, "");
    }

    @AfterEach
    void removeContainers() {
        List<String> ours = List.of("docker", "ps", "-aq", "--filter", "label=dev.ganymede.environment=" + ENVIRONMENT);
        RealEngine.forEach(ours, "docker", "rm", "-fv");
        RealEngine.forEach(List.of("docker", "ps", "-aq", "--filter", "label=" + FOREIGN_LABEL), "docker", "rm", "-f");
        List<String> networks =
                List.of("docker", "network", "ls", "-q", "--filter", "label=dev.ganymede.environment=" + ENVIRONMENT);
        RealEngine.forEach(networks, "docker", "network", "rm");
        if (runtime != null) {
            runtime.close();
        }
    }

    @AfterAll
    static void removeImages() {
        RealEngine.run("docker", "volume", "rm", WORKSPACE);
        RealEngine.run("docker", "image", "rm", IMAGE, STUBBORN_IMAGE);
    }

    @Test
    void aContainerHasNoMoreThanItNeeds() {
        ContainerSpec spec = spec(0);
        created(spec);

        JsonNode host = RealEngine.inspect(spec.name()).get("HostConfig");
        assertThat(host.get("CapDrop")).map(JsonNode::asText).containsExactly("ALL");
        assertThat(host.get("CapAdd")).map(JsonNode::asText).allMatch(name -> name.matches("(CAP_)?NET_ADMIN"));
        assertThat(host.get("CapAdd")).hasSize(1);
        assertThat(host.get("SecurityOpt")).map(JsonNode::asText).containsExactly("no-new-privileges");
        assertThat(host.get("Privileged").asBoolean()).isFalse();
        assertThat(host.get("ReadonlyRootfs").asBoolean()).isTrue();
        assertThat(host.get("Memory").asLong()).isEqualTo(512L << 20);
        assertThat(host.get("MemorySwap").asLong()).isEqualTo(512L << 20);
        assertThat(host.get("NanoCpus").asLong()).isEqualTo(1_000_000_000L);
        assertThat(host.get("PidsLimit").asLong()).isEqualTo(256);
        assertThat(host.get("RestartPolicy").get("Name").asText()).isIn("", "no");
        assertThat(host.get("LogConfig").get("Type").asText()).isEqualTo("json-file");
        assertThat(host.get("LogConfig").get("Config").get("max-size").asText()).isEqualTo("10m");
        assertThat(host.get("Devices")).hasSize(1);
        assertThat(host.get("Devices").get(0).get("PathOnHost").asText()).isEqualTo("/dev/net/tun");
        assertThat(host.get("Tmpfs").fieldNames()).toIterable().containsExactlyInAnyOrder("/run", "/tmp");
    }

    @Test
    void httpIsPublishedOnTheNodeOnlyAndVpnEverywhere() {
        ContainerSpec spec = spec(0);
        CreateResult.Created created = created(spec);

        assertThat(created.host()).isEqualTo("127.0.0.1");
        JsonNode ports = RealEngine.inspect(spec.name()).get("HostConfig").get("PortBindings");
        assertThat(ports.get(spec.httpPort() + "/tcp").toString())
                .isEqualTo("[{\"HostIp\":\"127.0.0.1\",\"HostPort\":\"" + spec.httpPort() + "\"}]");
        assertThat(ports.get(spec.vpnPort() + "/udp").toString())
                .isEqualTo("[{\"HostIp\":\"0.0.0.0\",\"HostPort\":\"" + spec.vpnPort() + "\"}]");
    }

    @Test
    void theProgramInsideLearnsWhoItIsAndWhereGanymedeIs() {
        ContainerSpec spec = spec(0);
        created(spec);

        JsonNode found = RealEngine.inspect(spec.name());
        assertThat(found.get("Config").get("Env"))
                .map(JsonNode::asText)
                .contains(
                        "GATEWAY_ID=" + spec.gateway(),
                        "GATEWAY_BOOT_TOKEN=boot-token-0",
                        "GANYMEDE_URL=https://ganymede.it.local:8443",
                        "GANYMEDE_CA_PEM=" + Settings.AUTHORITY,
                        "GATEWAY_AUTOSAVE_SECONDS=30");
        assertThat(found.get("HostConfig").get("ExtraHosts").get(0).asText())
                .isEqualTo("ganymede.it.local:host-gateway");
        assertThat(found.get("Config").get("Labels").get("dev.ganymede.life").asText())
                .isEqualTo(spec.life().toString());
    }

    @Test
    void onlyItsLogsAndScratchSpaceCanBeWritten() {
        ContainerSpec spec = spec(0);
        created(spec);

        assertThat(write(spec, "/home/dev/workspace/x")).isNotZero();
        assertThat(write(spec, "/x")).isNotZero();
        assertThat(write(spec, "/tmp/x")).isZero();
        assertThat(write(spec, "/run/x")).isZero();
        assertThat(write(spec, "/logs/x")).isZero();
        assertThat(logs.resolve(spec.name()).resolve(spec.life().toString()).resolve("x"))
                .exists();
    }

    @Test
    void aContainerThatIgnoresSigtermIsKilledAfterItsGrace() {
        ContainerRuntime stubborn = start(Map.of("image", STUBBORN_IMAGE));
        ContainerId id = ((CreateResult.Created) get(stubborn.create(spec(0)))).container();

        get(stubborn.stop(id, Duration.ofMillis(300)));

        assertThat(RealEngine.inspect(id.value()).get("State").get("ExitCode").asInt())
                .isEqualTo(137);
    }

    @Test
    void aMissingImageIsRefusedAndLeavesNothing() {
        ContainerRuntime missing = start(Map.of("image", "ganymede-no-such-image:latest"));

        CreateResult result = get(missing.create(spec(0)));

        assertThat(result).isInstanceOf(CreateResult.Refused.class);
        assertThat(((CreateResult.Refused) result).reason())
                .contains("No such image")
                .doesNotContain("\n");
        assertThat(inventory().owned()).isEmpty();
    }

    @Test
    void aMissingNetworkIsMadeAndItsContainersAreApart() {
        String network = "ganymede-" + ENVIRONMENT;
        ContainerRuntime own = start(Map.of("network", network));

        assertThat(get(own.create(spec(0)))).isInstanceOf(CreateResult.Created.class);

        JsonNode options = RealEngine.inspect(network).get("Options");
        assertThat(options.get("com.docker.network.bridge.enable_icc").asText()).isEqualTo("false");
    }

    @Test
    void anEngineIsAlsoReachedOverTcp() throws Exception {
        try (TcpToUnix relay = new TcpToUnix(Path.of("/var/run/docker.sock"))) {
            ContainerRuntime remote = start(Map.of("host", "tcp://127.0.0.1:" + relay.port()));

            get(remote.ping());
            assertThat(get(remote.create(spec(0)))).isInstanceOf(CreateResult.Created.class);
        }
    }

    /** Not an assertion: what a life costs on this machine. */
    @Test
    void measuresOneLife() {
        created(spec(9));
        for (int round = 0; round < 3; round++) {
            long start = System.nanoTime();
            ContainerId id = created(spec(round)).container();
            long running = System.nanoTime();
            get(runtime().stop(id, Duration.ofSeconds(5)));
            long stopped = System.nanoTime();
            get(runtime().remove(id));
            long removed = System.nanoTime();
            System.out.printf(
                    "create → running %d ms, stop %d ms, remove %d ms%n",
                    (running - start) / 1_000_000, (stopped - running) / 1_000_000, (removed - stopped) / 1_000_000);
        }
    }

    @Override
    protected ContainerRuntime runtime() {
        return runtime == null ? start(Map.of()) : runtime;
    }

    private ContainerRuntime start(Map<String, String> overrides) {
        Map<String, String> values =
                new HashMap<>(Map.of("image", IMAGE, "workspace-volume", WORKSPACE, "log-directory", logs.toString()));
        values.putAll(overrides);
        runtime = new DockerContainerRuntime(
                Settings.with(values),
                GatewayConfigs.with(Map.of()),
                Settings.gateway(),
                ENVIRONMENT,
                new Domain("it.local"));
        return runtime;
    }

    @Override
    protected ContainerSpec spec(int number) {
        return new ContainerSpec(
                new GatewayId(UUID.randomUUID()),
                new LifeId(UUID.randomUUID()),
                "gw-" + ENVIRONMENT + "-" + number,
                FIRST_HTTP_PORT + number,
                FIRST_VPN_PORT + number,
                Optional.empty(),
                "boot-token-" + number);
    }

    @Override
    protected void kill(ContainerId container) {
        RealEngine.must("docker", "kill", container.value());
    }

    @Override
    protected ContainerId addForeign(String name) {
        return new ContainerId(RealEngine.must("docker", "run", "-d", "--name", name, "--label", FOREIGN_LABEL, IMAGE));
    }

    @Override
    protected String image() {
        return IMAGE;
    }

    @Override
    protected String missingImage() {
        return "ganymede-no-such-image:latest";
    }

    private static int write(ContainerSpec spec, String file) {
        return RealEngine.run("docker", "exec", spec.name(), "/bin/sh", "-c", "echo x > " + file)
                .status();
    }
}
