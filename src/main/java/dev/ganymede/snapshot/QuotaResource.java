package dev.ganymede.snapshot;

import dev.ganymede.id.OrganizationId;
import dev.ganymede.problem.Input;
import dev.ganymede.problem.Problem;
import dev.ganymede.snapshot.Quotas.Quota;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Quotas of organizations, for operators. */
@Path("/organizations/{organization_id}/quota")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Data")
public class QuotaResource {

    private final Quotas quotas;
    private final SnapshotConfig config;

    QuotaResource(Quotas quotas, SnapshotConfig config) {
        this.quotas = quotas;
        this.config = config;
    }

    /** What is wanted. */
    @Schema(name = "QuotaRequest")
    record QuotaRequest(Long bytes) {}

    /** What is in force, whether it is the organization's own, and what all its versions occupy together. */
    @Schema(name = "Quota")
    record QuotaBody(long bytes, boolean own, long usedBytes) {}

    @GET
    @Operation(summary = "How much an organization may store, and does")
    public Uni<QuotaBody> get(@PathParam("organization_id") String id) {
        return find(Input.organizationId("organization_id", id));
    }

    @PUT
    @Operation(
            summary = "Give an organization a quota of its own",
            description = "A push whose data alone is larger is refused (507). History gives way before.")
    public Uni<QuotaBody> put(@PathParam("organization_id") String id, QuotaRequest request) {
        OrganizationId organization = Input.organizationId("organization_id", id);
        Long bytes = Input.body(request).bytes();
        if (bytes == null || bytes < 1) {
            throw Problem.invalid("bytes", "must be a whole number above zero");
        }
        return quotas.set(organization, bytes).chain(() -> find(organization));
    }

    @DELETE
    @Operation(summary = "Give an organization the configured quota again")
    public Uni<QuotaBody> delete(@PathParam("organization_id") String id) {
        OrganizationId organization = Input.organizationId("organization_id", id);
        return quotas.clear(organization).chain(() -> find(organization));
    }

    private Uni<QuotaBody> find(OrganizationId organization) {
        return quotas.find(organization).map(this::body);
    }

    private QuotaBody body(Quota quota) {
        return new QuotaBody(
                quota.ownBytes().orElse(config.quotaBytes()), quota.ownBytes().isPresent(), quota.usedBytes());
    }
}
