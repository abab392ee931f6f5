package dev.ganymede.allocation;

import dev.ganymede.id.OrganizationId;
import dev.ganymede.organization.OrganizationRepository;
import dev.ganymede.organization.ProjectBody;
import dev.ganymede.organization.ProjectRepository;
import dev.ganymede.problem.Input;
import dev.ganymede.problem.Problem;
import dev.ganymede.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What a frontend or operator does to organizations and projects that concerns their gateway. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.WILDCARD)
public class OrganizationLifeResource {

    private final Entry entry;
    private final Stop stop;
    private final Deletion deletion;
    private final OrganizationRepository organizations;
    private final ProjectRepository projects;

    OrganizationLifeResource(
            Entry entry,
            Stop stop,
            Deletion deletion,
            OrganizationRepository organizations,
            ProjectRepository projects) {
        this.entry = entry;
        this.stop = stop;
        this.deletion = deletion;
        this.organizations = organizations;
        this.projects = projects;
    }

    /** Who opens the project; without a user no access token is issued. */
    @Schema(name = "ProjectStartRequest")
    record ProjectStartRequest(@Schema(nullable = true) String userId) {}

    /** A project and the gateway that serves it. */
    @Schema(name = "StartedProject")
    record StartedProject(ProjectBody project, StartBody gateway) {}

    /** A project that is not open any more. */
    @Schema(name = "StoppedProject")
    record StoppedProject(ProjectBody project) {}

    /** The tenancy that was ended; null when there was none. */
    @Schema(name = "StoppedOrganization")
    record StoppedOrganization(@Schema(nullable = true) GatewayResource.StopBody ended) {}

    @POST
    @Path("/projects/{project_id}/start")
    @Consumes(MediaType.APPLICATION_JSON)
    @Tag(name = "Projects")
    @Operation(
            summary = "Open a project",
            description = "The first active project of an organization starts its gateway.")
    public Uni<StartedProject> start(@PathParam("project_id") String id, ProjectStartRequest request) {
        Optional<String> user = Optional.ofNullable(request).map(ProjectStartRequest::userId);
        return projects.get(Input.projectId("project_id", id))
                .chain(project -> entry.open(project.organization(), user.map(text -> Input.userId("user_id", text)))
                        .chain(gateway -> projects.activate(project.id())
                                .map(active -> new StartedProject(ProjectBody.of(active), gateway))));
    }

    @POST
    @Path("/projects/{project_id}/stop")
    @Tag(name = "Projects")
    @Operation(
            summary = "Close a project",
            description = "When an organization's last one is closed, its gateway leaves by its own inactivity timer.")
    public Uni<StoppedProject> stop(@PathParam("project_id") String id) {
        return projects.deactivate(Input.projectId("project_id", id))
                .map(project -> new StoppedProject(ProjectBody.of(project)));
    }

    @POST
    @Path("/organizations/{organization_id}/stop")
    @Tag(name = "Organizations")
    @Operation(
            summary = "Stop an organization's gateway",
            description =
                    "The gateway is asked to push and leave; after its grace it is ended in any case. An organization"
                            + " that waits for another gateway leaves the queue. Idempotent.")
    public Uni<StoppedOrganization> stopOrganization(@PathParam("organization_id") String id) {
        OrganizationId organization = Input.organizationId("organization_id", id);
        return organizations
                .get(organization)
                .chain(found -> stop.byOperator(organization))
                .map(ended -> new StoppedOrganization(
                        ended.map(GatewayResource.StopBody::of).orElse(null)));
    }

    @DELETE
    @Path("/organizations/{organization_id}")
    @Tag(name = "Organizations")
    @Operation(
            summary = "Delete an organization with all its data",
            description = "Refused (409) while a gateway serves it: stop it first.")
    public Uni<Void> delete(@PathParam("organization_id") String id) {
        OrganizationId organization = Input.organizationId("organization_id", id);
        return organizations
                .get(organization)
                .chain(found -> deletion.of(organization))
                .invoke(deleted -> {
                    if (!deleted) {
                        throw Problem.of(ProblemType.ORGANIZATION_LIVE, null);
                    }
                })
                .replaceWithVoid();
    }
}
