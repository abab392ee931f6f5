package dev.ganymede.container.fixed;

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
import dev.ganymede.flow.SingleFlight;
import dev.ganymede.id.Domain;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.core.Vertx;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Gateways at the places that an agent has for them (docs/agent.md). */
@ApplicationScoped
@Adapter("static")
class FixedContainerRuntime implements ContainerRuntime {

    private static final int MISSING = 404;
    private static final int UNCHANGED = 304;

    private final FixedConfig config;
    private final GatewaySettings settings;
    private final GatewayConfig gatewayConfig;
    private final Domain domain;
    private final AgentClient client;
    private final AgentCalls calls;
    private final AgentEvents events;
    private final SingleFlight<String, Void> pings = new SingleFlight<>();
    private volatile AgentListing last = AgentListing.NONE;

    @Inject
    FixedContainerRuntime(
            Vertx vertx,
            FixedConfig config,
            GatewayConfig gatewayConfig,
            GatewaySettings settings,
            @ConfigProperty(name = "ganymede.environment") String environment,
            @ConfigProperty(name = "ganymede.domain") Domain domain) {
        this.config = config;
        this.gatewayConfig = gatewayConfig;
        this.settings = settings;
        this.domain = domain;
        this.client = new AgentClient(vertx, config, environment);
        this.calls = new AgentCalls(client, config);
        this.events = new AgentEvents(client, config.eventsWait());
    }

    @Override
    public Uni<ContainerInventory> inventory() {
        return Uni.createFrom().deferred(() -> {
            AgentListing known = last;
            return calls.repeatable(
                            AgentCall.get("list containers", "/containers").unless(known.tag()))
                    .map(answer -> answer.status() == UNCHANGED ? known : AgentListing.read(accepted(answer)))
                    .invoke(listing -> last = listing)
                    .map(AgentListing::inventory);
        });
    }

    @Override
    public Uni<CreateResult> create(ContainerSpec spec) {
        return settings.authorityPem()
                .onFailure()
                .transform(cause -> new ContainerRuntimeException("no certificate for " + spec.name(), cause))
                .chain(pem -> calls.once(
                        AgentCall.send("create " + spec.name(), HttpMethod.POST, "/containers", container(spec, pem))))
                .map(answer -> created(spec, answer));
    }

    private JsonObject container(ContainerSpec spec, Optional<String> authorityPem) {
        GatewayVariables variables = new GatewayVariables(domain, settings.ganymedeUrl(), gatewayConfig);
        JsonObject body = new JsonObject()
                .put("name", spec.name())
                .put("gateway", spec.gateway().toString())
                .put("life", spec.life().toString())
                .put("http_port", spec.httpPort())
                .put("vpn_port", spec.vpnPort())
                .put("variables", new JsonArray(variables.of(spec, authorityPem)));
        spec.image().ifPresent(image -> body.put("image", image));
        return body;
    }

    private CreateResult created(ContainerSpec spec, AgentAnswer answer) {
        if (answer.isOk()) {
            return new CreateResult.Created(
                    answer.read(body -> new ContainerId(body.getString("id"))), config.nodeAddress());
        }
        return switch (answer.problem()) {
            case "name-taken" -> new CreateResult.NameTaken(spec.name());
            case "port-taken" -> new CreateResult.PortTaken(answer.reason());
            case "refused" -> new CreateResult.Refused(answer.reason());
            default -> throw refusal(answer);
        };
    }

    @Override
    public Uni<Void> stop(ContainerId container, Duration grace) {
        JsonObject body = new JsonObject().put("grace_ms", grace.toMillis());
        return done(
                calls.repeatable(AgentCall.send("stop " + container, HttpMethod.POST, path(container) + "/stop", body)
                        .lasting(grace)));
    }

    @Override
    public Uni<Void> remove(ContainerId container) {
        return done(calls.repeatable(AgentCall.delete("remove " + container, path(container))));
    }

    @Override
    public Uni<Void> rename(ContainerId container, String name) {
        JsonObject body = new JsonObject().put("name", name);
        return calls.repeatable(
                        AgentCall.send("rename " + container + " to " + name, HttpMethod.PATCH, path(container), body))
                .invoke(FixedContainerRuntime::accepted)
                .replaceWithVoid();
    }

    @Override
    public Multi<ContainerEvent> events() {
        return events.subscribe();
    }

    @Override
    public Uni<Optional<String>> image(String reference) {
        return calls.repeatable(AgentCall.get("look at image " + reference, "/images?reference=" + encoded(reference)))
                .map(answer -> answer.status() == MISSING
                        ? Optional.empty()
                        : Optional.of(accepted(answer).read(body -> body.getString("id"))));
    }

    @Override
    public String nodeAddress() {
        return config.nodeAddress();
    }

    /** Asked whatever happened before: whoever wants to know whether it lives is told the truth. */
    @Override
    public Uni<Void> ping() {
        return CallersContext.resume(pings.join("ping", () -> client.call(AgentCall.get("reach the agent", "/ping"))
                .invoke(FixedContainerRuntime::accepted)
                .replaceWithVoid()));
    }

    /** For what is done when the container is missing. */
    private static Uni<Void> done(Uni<AgentAnswer> call) {
        return call.invoke(answer -> {
                    if (answer.status() != MISSING) {
                        accepted(answer);
                    }
                })
                .replaceWithVoid();
    }

    private static AgentAnswer accepted(AgentAnswer answer) {
        if (!answer.isOk()) {
            throw refusal(answer);
        }
        return answer;
    }

    private static ContainerRuntimeException refusal(AgentAnswer answer) {
        return new ContainerRuntimeException("the agent refused: " + answer.reason(), null);
    }

    private static String path(ContainerId container) {
        return "/containers/" + encoded(container.value());
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @PreDestroy
    void close() {
        client.close();
    }
}
