package dev.ganymede.container.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import dev.ganymede.container.Adapter;
import dev.ganymede.container.ContainerEvent;
import dev.ganymede.container.ContainerId;
import dev.ganymede.container.ContainerInventory;
import dev.ganymede.container.ContainerRuntime;
import dev.ganymede.container.ContainerRuntimeException;
import dev.ganymede.container.ContainerSpec;
import dev.ganymede.container.CreateResult;
import dev.ganymede.container.GatewayConfig;
import dev.ganymede.container.GatewaySettings;
import dev.ganymede.container.GatewayVariables;
import dev.ganymede.flow.CallersContext;
import dev.ganymede.id.Domain;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Gateway containers on one Docker engine.
 *
 * <p>Every request has its own time limit and runs through {@link EngineCalls}; waiting for a container to end takes no thread. Whatever is touched is looked at
 * first: a container without this environment's label is never stopped or removed.
 */
@ApplicationScoped
@Adapter("docker")
class DockerContainerRuntime implements ContainerRuntime {

    private static final Logger LOG = Logger.getLogger(DockerContainerRuntime.class);
    private static final Duration POLL_INTERVAL = Duration.ofMillis(100);
    private static final Duration KILL_LIMIT = Duration.ofSeconds(10);
    private static final Duration PING_TIMEOUT = Duration.ofSeconds(3);

    private final DockerConfig config;
    private final GatewayConfig gatewayConfig;
    private final GatewaySettings settings;
    private final Domain domain;
    private final Labels labels;
    private final DockerClient docker;
    private final GatewayNetwork network;
    private final GatewayContainer container;
    private final LogDirectories logDirectories;
    private final EngineCalls calls;
    private final EnginePing ping;
    private final EngineEvents events;

    @Inject
    DockerContainerRuntime(
            DockerConfig config,
            GatewayConfig gatewayConfig,
            GatewaySettings settings,
            @ConfigProperty(name = "ganymede.environment") String environment,
            @ConfigProperty(name = "ganymede.domain") Domain domain) {
        this.config = config;
        this.gatewayConfig = gatewayConfig;
        this.settings = settings;
        this.domain = domain;
        this.labels = new Labels(environment);
        EngineTransport transport =
                new EngineTransport(config.host(), config.connectTimeout(), config.requestTimeout());
        this.docker = EngineClient.of(config, transport);
        this.events = new EngineEvents(transport, labels, config.eventsMaxAge());
        this.network = new GatewayNetwork(docker, config.network(), labels);
        this.container = new GatewayContainer(config, domain, labels);
        this.logDirectories = LogDirectories.of(config);
        this.calls = new EngineCalls(config);
        this.ping = new EnginePing(config, PING_TIMEOUT);
    }

    @Override
    public Uni<ContainerInventory> inventory() {
        return calls.repeatable(
                "list containers",
                () -> Inventory.of(docker.listContainersCmd().withShowAll(true).exec(), labels));
    }

    @Override
    public Uni<CreateResult> create(ContainerSpec spec) {
        return settings.authorityPem()
                .onFailure()
                .transform(cause -> new ContainerRuntimeException("no certificate for " + spec.name(), cause))
                .chain(pem -> calls.once("create " + spec.name(), () -> createAndStart(spec, pem)));
    }

    private CreateResult createAndStart(ContainerSpec spec, Optional<String> authorityPem) {
        String id;
        try {
            network.ensure();
            id = container
                    .command(docker, spec, variables(spec, authorityPem))
                    .exec()
                    .getId();
        } catch (DockerException refusal) {
            network.forget();
            return Refusal.ofCreate(refusal, spec.name());
        }
        try {
            docker.startContainerCmd(id).exec();
        } catch (DockerException refusal) {
            network.forget();
            discard(id, spec);
            return Refusal.ofStart(refusal);
        } catch (RuntimeException unknown) {
            discard(id, spec);
            throw unknown;
        }
        logDirectories.prune(spec);
        return new CreateResult.Created(new ContainerId(id), config.nodeAddress());
    }

    private List<String> variables(ContainerSpec spec, Optional<String> authorityPem) {
        return new GatewayVariables(domain, settings.ganymedeUrl(), gatewayConfig).of(spec, authorityPem);
    }

    /** Best effort: what stays behind carries our label and is found by the next inventory. */
    private void discard(String id, ContainerSpec spec) {
        try {
            forceRemove(new ContainerId(id));
        } catch (RuntimeException failure) {
            LOG.warnf(failure, "container %s (%s) did not start and could not be removed", id, spec.name());
        }
    }

    @Override
    public Uni<Void> stop(ContainerId id, Duration grace) {
        Uni<Void> stopped =
                signal(id, "SIGTERM").chain(() -> ended(id, grace)).chain(ended -> ended ? done() : kill(id));
        return CallersContext.resume(stopped);
    }

    private Uni<Void> kill(ContainerId id) {
        return signal(id, "SIGKILL").chain(() -> ended(id, KILL_LIMIT)).chain(ended -> ended ? done() : unkillable(id));
    }

    private Uni<Void> signal(ContainerId id, String signal) {
        return calls.repeatable("send " + signal + " to " + id, () -> {
            if (runs(id)) {
                try {
                    docker.killContainerCmd(id.value()).withSignal(signal).exec();
                } catch (NotFoundException | ConflictException endedMeanwhile) {
                    LOG.debugf("container %s ended before %s", id, signal);
                }
            }
            return null;
        });
    }

    /** Asks every now and then, so that a long farewell holds no thread. */
    private Uni<Boolean> ended(ContainerId id, Duration limit) {
        return calls.repeatable("look at " + id, () -> !runs(id))
                .repeat()
                .withDelay(POLL_INTERVAL)
                .whilst(ended -> !ended)
                .collect()
                .last()
                .ifNoItem()
                .after(limit)
                .recoverWithItem(false);
    }

    @Override
    public Uni<Void> remove(ContainerId id) {
        return calls.repeatable("remove " + id, () -> {
            if (inspect(id).isPresent()) {
                forceRemove(id);
            }
            return null;
        });
    }

    private void forceRemove(ContainerId id) {
        try {
            docker.removeContainerCmd(id.value())
                    .withForce(true)
                    .withRemoveVolumes(true)
                    .exec();
        } catch (NotFoundException | ConflictException alreadyGoing) {
            LOG.debugf("container %s is gone, or on its way", id);
        }
    }

    @Override
    public Uni<Void> rename(ContainerId id, String name) {
        return calls.repeatable("rename " + id + " to " + name, () -> {
            boolean named = inspect(id)
                    .map(found -> found.getName().equals("/" + name))
                    .orElseThrow(() -> new IllegalStateException("container " + id + " is missing"));
            if (!named) {
                docker.renameContainerCmd(id.value()).withName(name).exec();
            }
            return null;
        });
    }

    @Override
    public Multi<ContainerEvent> events() {
        return events.subscribe();
    }

    @Override
    public Uni<Optional<String>> image(String reference) {
        return calls.repeatable("look at image " + reference, () -> {
            try {
                return Optional.of(docker.inspectImageCmd(reference).exec().getId());
            } catch (NotFoundException missing) {
                return Optional.empty();
            }
        });
    }

    @Override
    public String nodeAddress() {
        return config.nodeAddress();
    }

    @Override
    public Uni<Void> ping() {
        return ping.ping();
    }

    private boolean runs(ContainerId id) {
        return inspect(id)
                .map(found -> Boolean.TRUE.equals(found.getState().getRunning()))
                .orElse(false);
    }

    /** The container, if it exists; refuses to look further when it isn't ours. */
    private Optional<InspectContainerResponse> inspect(ContainerId id) {
        InspectContainerResponse found;
        try {
            found = docker.inspectContainerCmd(id.value()).exec();
        } catch (NotFoundException missing) {
            return Optional.empty();
        }
        if (!labels.areOurs(found.getConfig().getLabels())) {
            throw new IllegalStateException("container " + id + " belongs to somebody else");
        }
        return Optional.of(found);
    }

    private static Uni<Void> done() {
        return Uni.createFrom().voidItem();
    }

    private static Uni<Void> unkillable(ContainerId id) {
        return Uni.createFrom()
                .failure(() -> new ContainerRuntimeException("container " + id + " survived SIGKILL", null));
    }

    @PreDestroy
    void close() {
        events.close();
        calls.close();
        ping.close();
    }
}
