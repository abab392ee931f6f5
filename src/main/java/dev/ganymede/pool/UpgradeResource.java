package dev.ganymede.pool;

import dev.ganymede.problem.Input;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;

/** Rolling upgrades of the pool to another image, for operators. */
@Path("/gateway/pool/upgrade")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Pool")
public class UpgradeResource {

    private final PoolOperations operations;
    private final PoolStatus status;

    UpgradeResource(PoolOperations operations, PoolStatus status) {
        this.operations = operations;
        this.status = status;
    }

    /** The image to upgrade to, as the engine knows it. */
    @Schema(name = "Upgrade")
    record Upgrade(@Schema(examples = "gateway:2.1") String image) {}

    @POST
    @ResponseStatus(202)
    @Operation(
            summary = "Replace every member by one of this image, ready ones first",
            description = "One at a time, the buffer stays ready; it stops by itself when the image does not come up.")
    public Uni<RolloutBody> begin(Upgrade request) {
        String image = Input.required("image", Input.body(request).image());
        return operations.upgrade(image).chain(status::upgrade);
    }

    @GET
    @Operation(summary = "The newest upgrade: how far it is, what it waits for, how it ended")
    public Uni<RolloutBody> status() {
        return status.upgrade();
    }

    @POST
    @Path("/stop")
    @Operation(
            summary = "Stop the running upgrade",
            description = "New containers get the image before it; members that were upgraded stay as they are.")
    public Uni<RolloutBody> stop() {
        return operations.stopUpgrade().chain(status::upgrade);
    }
}
