package dev.ganymede.allocation;

import dev.ganymede.access.BearerToken;
import dev.ganymede.access.GatewayCall;
import dev.ganymede.gateway.Allocation;
import dev.ganymede.gateway.AllocationState;
import dev.ganymede.gateway.EndReason;
import dev.ganymede.problem.Input;
import dev.ganymede.problem.Problem;
import dev.ganymede.secret.SecretHash;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The life of a tenancy over HTTP (seed 004 "Gateway Allocation Logic"). */
@Path("/gateway")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Gateways")
public class GatewayResource {

    private final Entry entry;
    private final Handshake handshake;
    private final Stop stop;

    GatewayResource(Entry entry, Handshake handshake, Stop stop) {
        this.entry = entry;
        this.handshake = handshake;
        this.stop = stop;
    }

    /** Whom to bring up, and for whom. */
    @Schema(name = "StartRequest")
    record StartRequest(
            @Schema(examples = "0b9b2c9e-3f0a-4c55-9c1c-2f5e6a7d8e90") String organizationId,
            @Schema(nullable = true, examples = "7d1f7c0e-52e5-4a4f-8d0e-9a1b2c3d4e5f") String userId) {}

    /** The token that the gateway was handed over with. */
    @Schema(name = "ConfigRequest")
    record ConfigRequest(String tmpHandshakeToken) {

        @Override
        public String toString() {
            return "ConfigRequest[hidden]";
        }
    }

    /** Which tenancy to end; both must be the token's own. */
    @Schema(name = "StopRequest")
    record StopRequest(
            String gatewayId,
            String organizationId,
            @Schema(
                            nullable = true,
                            enumeration = {"inactive", "terminated"},
                            description =
                                    "terminated: its container was told to end; unless Ganymede did that to stop the"
                                            + " organization, it is served again by another gateway")
                    String reason) {

        EndReason endReason() {
            if (reason == null || "inactive".equals(reason)) {
                return EndReason.STOPPED_BY_GATEWAY;
            }
            if ("terminated".equals(reason)) {
                return EndReason.TERMINATED;
            }
            throw Problem.invalid("reason", "must be inactive or terminated");
        }
    }

    /** The gateway as it is known now. */
    @Schema(name = "ReadyGateway")
    record ReadyBody(UUID gatewayId, String gatewayName, String state) {}

    /** The tenancy that has ended. */
    @Schema(name = "StoppedGateway")
    record StopBody(UUID organizationId, UUID gatewayId, long generation, String state, Instant endedAt) {

        static StopBody of(Allocation allocation) {
            Instant endedAt = allocation.state() instanceof AllocationState.Ended ended ? ended.at() : null;
            return new StopBody(
                    allocation.organization().value(),
                    allocation.gateway().value(),
                    allocation.generation().value(),
                    allocation.state().name().name(),
                    endedAt);
        }
    }

    /** What a gateway may tell about itself. */
    @Schema(name = "PingRequest")
    record PingRequest(
            @Schema(nullable = true, description = "WebSockets of clients, open now", minimum = "0")
                    Integer connections) {}

    /** The allocation that the gateway serves. */
    @Schema(name = "PingedGateway")
    record PingBody(UUID organizationId, UUID gatewayId, long generation, String state) {

        static PingBody of(Allocation allocation) {
            return new PingBody(
                    allocation.organization().value(),
                    allocation.gateway().value(),
                    allocation.generation().value(),
                    allocation.state().name().name());
        }
    }

    @POST
    @Path("/start")
    @Operation(
            summary = "Bring an organization up",
            description =
                    "Idempotent: an organization that is up, or coming up, is joined. Answers when a request through"
                            + " the edge has reached the gateway.")
    @APIResponse(responseCode = "200", description = "The organization is being served")
    @APIResponse(responseCode = "404", description = "Unknown organization")
    @APIResponse(responseCode = "503", description = "No gateway is ready, or a dependency is down; see Retry-After")
    @APIResponse(responseCode = "504", description = "Not up within the budget")
    public Uni<StartBody> start(StartRequest request) {
        StartRequest wanted = Input.body(request);
        return entry.open(
                Input.organizationId("organization_id", wanted.organizationId()),
                Optional.ofNullable(wanted.userId()).map(user -> Input.userId("user_id", user)));
    }

    @POST
    @Path("/config")
    @GatewayCall
    @Operation(
            summary = "Redeem the handshake token (boot token)",
            description = "Works once, before it expires, for its gateway only.")
    @APIResponse(responseCode = "200", description = "The organization to serve")
    @APIResponse(responseCode = "401", description = "Wrong, used, expired, or another gateway's")
    public Uni<Configuration> config(
            @Parameter(hidden = true) @HeaderParam(HttpHeaders.AUTHORIZATION) String authorization,
            ConfigRequest request) {
        SecretHash bootToken = BearerToken.hash(authorization);
        String token = Input.required("tmp_handshake_token", Input.body(request).tmpHandshakeToken());
        return handshake.redeem(bootToken, SecretHash.of(token));
    }

    @GET
    @Path("/organization")
    @GatewayCall
    @Operation(summary = "Read the served organization's configuration anew (gateway token)")
    public Uni<Configuration> organization(
            @Parameter(hidden = true) @HeaderParam(HttpHeaders.AUTHORIZATION) String authorization) {
        return handshake.refresh(BearerToken.hash(authorization));
    }

    @POST
    @Path("/ping")
    @GatewayCall
    @Operation(
            summary = "A sign of life (gateway token)",
            description =
                    "A gateway that gives none (no push, pull, ping or client's traffic) for the configured time is asked to"
                            + " leave, and its allocation ended. The body may be absent.")
    @APIResponse(responseCode = "200", description = "The allocation is live")
    @APIResponse(responseCode = "409", description = "The generation is dead; leave")
    public Uni<PingBody> ping(
            @Parameter(hidden = true) @HeaderParam(HttpHeaders.AUTHORIZATION) String authorization,
            PingRequest request) {
        SecretHash gatewayToken = BearerToken.hash(authorization);
        if (request != null && request.connections() != null && request.connections() < 0) {
            throw Problem.invalid("connections", "must not be negative");
        }
        return handshake.alive(gatewayToken).map(PingBody::of);
    }

    @POST
    @Path("/ready")
    @GatewayCall
    @Consumes(MediaType.WILDCARD)
    @Operation(
            summary = "This container may be allocated (boot token)",
            description = "Not: an organization is loaded.")
    public Uni<ReadyBody> ready(
            @Parameter(hidden = true) @HeaderParam(HttpHeaders.AUTHORIZATION) String authorization) {
        return handshake
                .ready(BearerToken.hash(authorization))
                .map(gateway -> new ReadyBody(
                        gateway.id().value(),
                        gateway.name(),
                        gateway.state().name().name()));
    }

    @POST
    @Path("/stop")
    @GatewayCall
    @Operation(
            summary = "Leave (gateway token)",
            description = "The tokens are dead, DNS and route withdrawn, the container will be replaced. Idempotent.")
    public Uni<StopBody> stop(
            @Parameter(hidden = true) @HeaderParam(HttpHeaders.AUTHORIZATION) String authorization,
            StopRequest request) {
        SecretHash gatewayToken = BearerToken.hash(authorization);
        StopRequest wanted = Input.body(request);
        return stop.byGateway(
                        gatewayToken,
                        Input.gatewayId("gateway_id", wanted.gatewayId()),
                        Input.organizationId("organization_id", wanted.organizationId()),
                        wanted.endReason())
                .map(StopBody::of);
    }
}
