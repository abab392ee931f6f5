package dev.ganymede.snapshot;

import dev.ganymede.access.BearerToken;
import dev.ganymede.access.GatewayCall;
import dev.ganymede.problem.Problem;
import dev.ganymede.problem.ProblemType;
import dev.ganymede.secret.SecretHash;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.time.Instant;
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

    private final Snapshots snapshots;
    private final SnapshotConfig config;

    SnapshotResource(Snapshots snapshots, SnapshotConfig config) {
        this.snapshots = snapshots;
        this.config = config;
    }

    /** Documentation of a push's body; it is read as a stream of tokens, not into this. */
    @Schema(name = "PushRequest")
    record PushRequest(String organizationId, String gatewayId, Instant timestamp, Object data) {}

    /** Acknowledges a push: it is on disk. */
    @Schema(name = "PushAnswer")
    record PushAnswer(boolean success, Instant storedAt, long sizeBytes) {}

    @POST
    @Path("/push")
    @Blocking
    @Operation(summary = "Store the organization's data (gateway token)", description = "Answered means: on disk.")
    @RequestBody(content = @Content(schema = @Schema(implementation = PushRequest.class)))
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = PushAnswer.class)))
    @APIResponse(responseCode = "409", description = "The generation is dead; nothing was changed")
    @APIResponse(responseCode = "413", description = "Larger than the configured limit; nothing was changed")
    public Uni<PushAnswer> push(
            @Parameter(hidden = true) @HeaderParam(HttpHeaders.AUTHORIZATION) String authorization, byte[] body)
            throws IOException {
        SecretHash gatewayToken = BearerToken.hash(authorization);
        if (body.length > config.maxBodyBytes()) {
            throw Problem.of(ProblemType.PAYLOAD_TOO_LARGE, "At most " + config.maxBodyBytes() + " bytes.");
        }
        PushBody push = PushBody.parse(body);
        return snapshots
                .push(gatewayToken, push)
                .map(storedAt -> new PushAnswer(true, storedAt, push.data().length()));
    }
}
