package dev.ganymede.snapshot;

import dev.ganymede.access.BearerToken;
import dev.ganymede.access.GatewayCall;
import dev.ganymede.problem.Input;
import dev.ganymede.problem.Problem;
import dev.ganymede.secret.SecretHash;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerResponse;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** An organization's data for the gateway that serves it (seed 004 "New Ganymede Data Endpoints"). */
@Path("/gateway/data/pull")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@GatewayCall
@Tag(name = "Data")
public class PullResource {

    private final Pulls pulls;

    PullResource(Pulls pulls) {
        this.pulls = pulls;
    }

    /** Whose data is wanted; both ids must be the token's own. */
    @Schema(name = "PullRequest")
    record PullRequest(
            String organizationId,
            String gatewayId,
            @Schema(nullable = true, description = "one of `recoverable`; otherwise left out") Long version) {}

    /** Documentation of a pull's answer; it is written while it is read, not from this. */
    @Schema(name = "PullAnswer")
    record PullAnswer(
            boolean success,
            @Schema(nullable = true) Instant timestamp,
            @Schema(nullable = true) Long version,
            @Schema(nullable = true, description = "over the projects and their hashes") String digest,
            @Schema(nullable = true, description = "the newest version, when it could not be given") Long damaged,
            @Schema(description = "counts restores; of a version that was asked for, those that it includes")
                    long lineage,
            @Schema(
                            description =
                                    "versions since the last restore that gateways could not push and nobody has merged yet")
                    List<Long> recoverable,
            @Schema(nullable = true) Object data) {}

    @POST
    @Operation(
            summary = "Read the organization's newest data (gateway token)",
            description =
                    "Streamed and verified: when stored data shows to be damaged after the first bytes are sent, the"
                            + " connection is cut before the announced length is reached, and the next pull gives the last version"
                            + " that is not damaged.")
    @APIResponse(
            responseCode = "200",
            description = "`data` and `timestamp` are null for a new organization",
            content = @Content(schema = @Schema(implementation = PullAnswer.class)))
    @APIResponse(responseCode = "500", description = "snapshot-damaged: no version can be read any more")
    public Uni<Void> pull(
            @Parameter(hidden = true) @HeaderParam(HttpHeaders.AUTHORIZATION) String authorization,
            @Parameter(hidden = true) @Context HttpServerResponse response,
            PullRequest request) {
        SecretHash gatewayToken = BearerToken.hash(authorization);
        PullRequest wanted = Input.body(request);
        Claim claim = new Claim(
                gatewayToken,
                Input.organizationId("organization_id", wanted.organizationId()),
                Input.gatewayId("gateway_id", wanted.gatewayId()));
        if (wanted.version() == null) {
            return pulls.head(claim, response);
        }
        if (wanted.version() < 1) {
            throw Problem.invalid("version", "must be the number of a version");
        }
        return pulls.version(claim, wanted.version(), response);
    }
}
