package dev.ganymede.snapshot;

import dev.ganymede.id.OrganizationId;
import dev.ganymede.problem.Input;
import dev.ganymede.snapshot.CloneInto.Cloned;
import dev.ganymede.snapshot.CloneInto.Copy;
import dev.ganymede.snapshot.Restore.Restored;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/** Goes back in time: an organization as a whole, or a copy of it. */
@Path("/organizations/{organization_id}/snapshots/{version}")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Snapshots")
public class RestoreResource {

    private final Restore restore;
    private final CloneInto clone;

    RestoreResource(Restore restore, CloneInto clone) {
        this.restore = restore;
        this.clone = clone;
    }

    /** The version that was made; {@code gateway} is the name of the one that is replaced now, or null. */
    @Schema(name = "Restored")
    record RestoredBody(long version, long sourceVersion, long lineage, @Schema(nullable = true) String gateway) {

        static RestoredBody of(Restored restored) {
            return new RestoredBody(
                    restored.version(),
                    restored.sourceVersion(),
                    restored.lineage(),
                    restored.gateway().orElse(null));
        }
    }

    /** Who gets the copy: an organization that never had data. */
    @Schema(name = "CloneRequest")
    record CloneRequest(String organizationId) {}

    /** The copy, and which of its projects is which. */
    @Schema(name = "Cloned")
    record ClonedBody(UUID organizationId, long version, List<CopyBody> projects) {

        static ClonedBody of(Cloned cloned) {
            return new ClonedBody(
                    cloned.organization().value(),
                    cloned.version(),
                    cloned.projects().stream().map(CopyBody::of).toList());
        }
    }

    /** A project and its copy. */
    @Schema(name = "ClonedProject")
    record CopyBody(UUID sourceProjectId, UUID projectId, String name) {

        static CopyBody of(Copy copy) {
            return new CopyBody(
                    copy.source().project().orElseThrow().value(),
                    copy.project().id().value(),
                    copy.project().name());
        }
    }

    @POST
    @Path("/restore")
    @Operation(
            summary = "Make a version the newest one again",
            description =
                    "As a new version; nothing is lost. A gateway that serves the organization is replaced, and the next"
                            + " one loads the restored version; what the old one still pushes is kept as a version of its own.")
    @APIResponse(responseCode = "202", content = @Content(schema = @Schema(implementation = RestoredBody.class)))
    @APIResponse(responseCode = "500", description = "snapshot-damaged; nothing was changed")
    public Uni<RestResponse<RestoredBody>> restore(
            @PathParam("organization_id") String owner, @PathParam("version") String version) {
        OrganizationId organization = Input.organizationId("organization_id", owner);
        return restore.restore(organization, VersionRef.parse("version", version))
                .map(restored -> RestResponse.ResponseBuilder.<RestoredBody>accepted(RestoredBody.of(restored))
                        .build());
    }

    @POST
    @Path("/clone")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Copy a version into another organization",
            description = "Its projects are created there, with the same names and new ids.")
    @APIResponse(responseCode = "201", content = @Content(schema = @Schema(implementation = ClonedBody.class)))
    @APIResponse(responseCode = "409", description = "The other organization has data already, or a gateway")
    public Uni<RestResponse<ClonedBody>> copy(
            @PathParam("organization_id") String owner, @PathParam("version") String version, CloneRequest request) {
        OrganizationId organization = Input.organizationId("organization_id", owner);
        VersionRef ref = VersionRef.parse("version", version);
        OrganizationId target =
                Input.organizationId("organization_id", Input.body(request).organizationId());
        return clone.clone(organization, ref, target).map(cloned -> RestResponse.ResponseBuilder.<ClonedBody>created(
                        URI.create("/organizations/" + target + "/snapshots/" + cloned.version()))
                .entity(ClonedBody.of(cloned))
                .build());
    }
}
