package dev.ganymede.snapshot;

import dev.ganymede.id.OrganizationId;
import dev.ganymede.organization.OrganizationRepository;
import dev.ganymede.problem.Input;
import dev.ganymede.snapshot.BodyWriter.Frame;
import dev.ganymede.snapshot.BodyWriter.Framed;
import dev.ganymede.snapshot.HistoryBodies.DiffBody;
import dev.ganymede.snapshot.HistoryBodies.ManifestBody;
import dev.ganymede.snapshot.HistoryBodies.PageBody;
import dev.ganymede.snapshot.Turns.Reader;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Looks back: which versions of an organization's data there are, what is in them, and what changed. */
@Path("/organizations/{organization_id}/snapshots")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Snapshots")
public class HistoryResource {

    private static final int MAX_PAGE = 200;

    private final OrganizationRepository organizations;
    private final VersionHistory history;
    private final Manifests manifests;
    private final VersionReader versions;
    private final BodyWriter bodies;

    HistoryResource(
            OrganizationRepository organizations,
            VersionHistory history,
            Manifests manifests,
            VersionReader versions,
            BodyWriter bodies) {
        this.organizations = organizations;
        this.history = history;
        this.manifests = manifests;
        this.versions = versions;
        this.bodies = bodies;
    }

    @GET
    @Operation(summary = "List the versions of an organization's data, newest first")
    public Uni<PageBody> list(
            @PathParam("organization_id") String owner,
            @QueryParam("before") String before,
            @QueryParam("limit") @DefaultValue("50") String size) {
        OrganizationId organization = Input.organizationId("organization_id", owner);
        int limit = Input.number("limit", size, MAX_PAGE);
        long upTo = before == null
                ? Long.MAX_VALUE
                : VersionRef.parse("before", before).number().orElse(Long.MAX_VALUE);
        return organizations
                .get(organization)
                .chain(found -> history.page(organization, upTo, limit))
                .map(page -> PageBody.of(page, limit));
    }

    @GET
    @Path("/{version}")
    @Operation(summary = "What a version is made of", description = "`version` is a number, or `head`.")
    public Uni<ManifestBody> get(@PathParam("organization_id") String owner, @PathParam("version") String version) {
        OrganizationId organization = Input.organizationId("organization_id", owner);
        VersionRef ref = VersionRef.parse("version", version);
        return organizations
                .get(organization)
                .chain(found -> history.get(organization, ref))
                .map(ManifestBody::of);
    }

    @GET
    @Path("/{version}/diff")
    @Operation(
            summary = "What changed from one version to another, project by project",
            description = "Both may be `head`; they may be given in any order.")
    public Uni<DiffBody> diff(
            @PathParam("organization_id") String owner,
            @PathParam("version") String version,
            @QueryParam("from") String from) {
        OrganizationId organization = Input.organizationId("organization_id", owner);
        VersionRef to = VersionRef.parse("version", version);
        VersionRef earlier = VersionRef.parse("from", from);
        return organizations
                .get(organization)
                .chain(found -> history.get(organization, earlier))
                .chain(one -> history.get(organization, to).map(other -> DiffBody.of(one, other)));
    }

    @GET
    @Path("/{version}/data")
    @Operation(
            summary = "Download a version",
            description =
                    "The `data` of a push. Streamed and verified: the connection is cut when stored data shows to be"
                            + " damaged, so that a whole answer is a right one.")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(type = SchemaType.OBJECT)))
    public Uni<Void> download(
            @PathParam("organization_id") String owner,
            @PathParam("version") String version,
            @Parameter(hidden = true) @Context HttpServerResponse response) {
        OrganizationId organization = Input.organizationId("organization_id", owner);
        VersionRef ref = VersionRef.parse("version", version);
        return organizations
                .get(organization)
                .chain(found -> manifests.get(organization, ref))
                .chain(found -> bodies.answer(Reader.OPERATOR, response, found, () -> versions.open(found)
                        .invoke(opened -> response.putHeader(
                                HttpHeaders.CONTENT_DISPOSITION,
                                "attachment; filename=\"" + organization + "-" + found.number() + ".json\""))
                        .map(opened -> new Framed(opened, Frame.NONE))));
    }
}
