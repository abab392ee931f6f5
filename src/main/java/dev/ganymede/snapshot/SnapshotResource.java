package dev.ganymede.snapshot;

import dev.ganymede.access.BearerToken;
import dev.ganymede.access.GatewayCall;
import dev.ganymede.problem.Input;
import dev.ganymede.problem.Problem;
import dev.ganymede.secret.SecretHash;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The organizations' data over HTTP, in exactly the seed's shapes (seed 004 "New Ganymede Data Endpoints"). */
@Path("/gateway/data")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@GatewayCall
@Tag(name = "Data")
public class SnapshotResource {

    private static final int MAX_KNOWN = 1_000;

    private final Pushes pushes;

    SnapshotResource(Pushes pushes) {
        this.pushes = pushes;
    }

    /** Documentation of a push's body; it is read as a stream of tokens, not into this. */
    @Schema(name = "PushRequest")
    record PushRequest(
            String organizationId,
            String gatewayId,
            Instant timestamp,
            Long sequence,
            List<Long> recovered,
            Object data) {}

    /** Acknowledges a push: it is on disk. */
    @Schema(name = "PushAnswer")
    record PushAnswer(
            boolean success, Instant storedAt, long sizeBytes, long version, String digest, boolean unchanged) {}

    /** Which contents, by their hashes. */
    @Schema(name = "KnownRequest")
    record KnownRequest(String organizationId, String gatewayId, List<String> sha256) {}

    /** Those of them that need not be sent. */
    @Schema(name = "KnownAnswer")
    record KnownAnswer(List<String> known) {}

    @POST
    @Path("/push")
    @Blocking
    @Operation(
            summary = "Store the organization's data (gateway token)",
            description =
                    "Answered means: on disk. A project's state may be `{\"sha256\": …}`, when it is known to be stored.")
    @RequestBody(content = @Content(schema = @Schema(implementation = PushRequest.class)))
    @APIResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(implementation = PushAnswer.class)),
            description = "`unchanged`: it is what the newest version holds already")
    @APIResponse(responseCode = "408", description = "The body did not arrive in time; nothing was changed")
    @APIResponse(
            responseCode = "409",
            description = "The generation is dead, or a later push was stored; nothing was changed")
    @APIResponse(responseCode = "413", description = "Larger than the configured limit; nothing was changed")
    @APIResponse(responseCode = "422", description = "It refers to what is not stored; nothing was changed")
    @APIResponse(responseCode = "507", description = "Larger than the organization's quota; nothing was changed")
    public PushAnswer push(
            @Parameter(hidden = true) @HeaderParam(HttpHeaders.AUTHORIZATION) String authorization,
            @Context RoutingContext exchange)
            throws IOException {
        PushResult result = pushes.push(BearerToken.hash(authorization), exchange.request(), Arrival.of(exchange));
        return new PushAnswer(
                true,
                result.storedAt(),
                result.sizeBytes(),
                result.version(),
                result.digest().hex(),
                result.unchanged());
    }

    @POST
    @Path("/known")
    @Operation(
            summary = "Which contents a push may refer to (gateway token)",
            description = "Those that the organization's versions consist of. They stay for half an hour at least.")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = KnownAnswer.class)))
    public Uni<KnownAnswer> known(
            @Parameter(hidden = true) @HeaderParam(HttpHeaders.AUTHORIZATION) String authorization,
            KnownRequest request) {
        SecretHash gatewayToken = BearerToken.hash(authorization);
        KnownRequest wanted = Input.body(request);
        return pushes.known(claim(gatewayToken, wanted.organizationId(), wanted.gatewayId()), hashes(wanted.sha256()))
                .map(known ->
                        new KnownAnswer(known.stream().map(Sha256::hex).sorted().toList()));
    }

    private static Claim claim(SecretHash gatewayToken, String organization, String gateway) {
        return new Claim(
                gatewayToken,
                Input.organizationId("organization_id", organization),
                Input.gatewayId("gateway_id", gateway));
    }

    private static Set<Sha256> hashes(List<String> hexes) {
        if (hexes == null || hexes.size() > MAX_KNOWN) {
            throw Problem.invalid("sha256", "must be an array of at most " + MAX_KNOWN + " hashes");
        }
        try {
            return hexes.stream().map(Sha256::parse).collect(Collectors.toSet());
        } catch (IllegalArgumentException noHash) {
            throw Problem.invalid("sha256", "must be 64 hexadecimal digits each, lower case");
        }
    }
}
