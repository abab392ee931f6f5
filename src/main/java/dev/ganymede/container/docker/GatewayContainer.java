package dev.ganymede.container.docker;

import static com.github.dockerjava.api.model.Ports.Binding.bindIpAndPort;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.Device;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.LogConfig;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.RestartPolicy;
import com.github.dockerjava.api.model.Volume;
import dev.ganymede.container.ContainerSpec;
import dev.ganymede.container.GatewayVariables;
import dev.ganymede.id.Domain;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/** How a gateway's container is made: what it may do, see and use. Nothing in here talks to the engine but the command it fills. */
final class GatewayContainer {

    private static final long MIB = 1024L * 1024L;
    private static final Map<String, String> LOG_LIMITS = Map.of("max-size", "10m", "max-file", "2");

    private final DockerConfig config;
    private final Domain domain;
    private final Labels labels;

    GatewayContainer(DockerConfig config, Domain domain, Labels labels) {
        this.config = config;
        this.domain = domain;
        this.labels = labels;
    }

    CreateContainerCmd command(DockerClient docker, ContainerSpec spec, List<String> variables) {
        return docker.createContainerCmd(spec.image().orElse(config.image()))
                .withName(spec.name())
                .withHostName(spec.name())
                .withLabels(labels.of(spec))
                .withEnv(variables)
                .withExposedPorts(http(spec), vpn(spec))
                .withHostConfig(host(spec));
    }

    private HostConfig host(ContainerSpec spec) {
        HostConfig host = HostConfig.newHostConfig()
                .withNetworkMode(config.network())
                .withExtraHosts(domain.ganymede() + ":" + config.ganymedeAddress())
                .withPortBindings(
                        // plain HTTP is for the edge alone; VPN clients come from anywhere
                        new PortBinding(bindIpAndPort(config.nodeAddress(), spec.httpPort()), http(spec)),
                        new PortBinding(bindIpAndPort("0.0.0.0", spec.vpnPort()), vpn(spec)))
                // Ganymede owns the life: an engine that restarts it would revive a dead generation
                .withRestartPolicy(RestartPolicy.noRestart())
                .withLogConfig(new LogConfig(LogConfig.LoggingType.JSON_FILE, LOG_LIMITS));
        return limited(confined(withFiles(host, spec)));
    }

    private HostConfig withFiles(HostConfig host, ContainerSpec spec) {
        String logs = config.logDirectory()
                .toAbsolutePath()
                .resolve(spec.name())
                .resolve(spec.life().toString())
                .toString();
        return host.withReadonlyRootfs(true)
                .withTmpFs(Map.of("/run", "size=16m,mode=755", "/tmp", "size=" + config.tmpMib() + "m,mode=1777"))
                .withBinds(
                        new Bind(config.workspaceVolume(), new Volume(GatewayVariables.WORKSPACE), AccessMode.ro),
                        new Bind(logs, new Volume("/logs"), AccessMode.rw));
    }

    private static HostConfig confined(HostConfig host) {
        return host.withPrivileged(false)
                .withCapDrop(Capability.ALL)
                // OpenVPN makes its own interface and routes
                .withCapAdd(Capability.NET_ADMIN)
                .withDevices(new Device("rwm", "/dev/net/tun", "/dev/net/tun"))
                .withSecurityOpts(List.of("no-new-privileges"));
    }

    private HostConfig limited(HostConfig host) {
        long memoryBytes = config.memoryMib() * MIB;
        return host.withMemory(memoryBytes)
                // the same value: no swap on top
                .withMemorySwap(memoryBytes)
                .withNanoCPUs(config.cpus()
                        .multiply(BigDecimal.valueOf(1_000_000_000L))
                        .longValue())
                .withPidsLimit(config.pids());
    }

    private static ExposedPort http(ContainerSpec spec) {
        return ExposedPort.tcp(spec.httpPort());
    }

    private static ExposedPort vpn(ContainerSpec spec) {
        return ExposedPort.udp(spec.vpnPort());
    }
}
