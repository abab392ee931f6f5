package dev.ganymede.organization;

import dev.ganymede.id.OrganizationId;
import dev.ganymede.id.ProjectId;
import dev.ganymede.problem.Input;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.net.URI;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/** Projects of an organization, for the frontend. Starting and stopping one is in {@code allocation}. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Projects")
public class ProjectResource {

    private final OrganizationRepository organizations;
    private final ProjectRepository projects;
    private final Clock clock;

    ProjectResource(OrganizationRepository organizations, ProjectRepository projects, Clock clock) {
        this.organizations = organizations;
        this.projects = projects;
        this.clock = clock;
    }

    /** What to create. */
    @Schema(name = "NewProject")
    record NewProject(@Schema(examples = "Roadmap", maxLength = 200) String name, @Schema(nullable = true) String id) {}

    /** All projects of one organization. */
    @Schema(name = "ProjectList")
    record ProjectList(List<ProjectBody> projects) {}

    @POST
    @Path("/organizations/{organization_id}/projects")
    @Operation(summary = "Create a project")
    public Uni<RestResponse<ProjectBody>> create(@PathParam("organization_id") String owner, NewProject request) {
        NewProject wanted = Input.body(request);
        ProjectId id = wanted.id() == null ? new ProjectId(UUID.randomUUID()) : Input.projectId("id", wanted.id());
        Project project = new Project(
                id,
                Input.organizationId("organization_id", owner),
                Input.name("name", wanted.name()),
                false,
                clock.instant().truncatedTo(ChronoUnit.MICROS));
        return projects.create(project).map(created -> RestResponse.ResponseBuilder.<ProjectBody>created(
                        URI.create("/projects/" + created.id()))
                .entity(ProjectBody.of(created))
                .build());
    }

    @GET
    @Path("/organizations/{organization_id}/projects")
    @Operation(summary = "List an organization's projects")
    public Uni<ProjectList> list(@PathParam("organization_id") String owner) {
        OrganizationId organization = Input.organizationId("organization_id", owner);
        return organizations
                .get(organization)
                .chain(found -> projects.list(organization))
                .map(found ->
                        new ProjectList(found.stream().map(ProjectBody::of).toList()));
    }

    @GET
    @Path("/projects/{project_id}")
    @Operation(summary = "Read a project")
    public Uni<ProjectBody> get(@PathParam("project_id") String id) {
        return projects.get(Input.projectId("project_id", id)).map(ProjectBody::of);
    }

    @DELETE
    @Path("/projects/{project_id}")
    @Operation(summary = "Delete a project", description = "Its document goes with the gateway's next push.")
    public Uni<Void> delete(@PathParam("project_id") String id) {
        return projects.delete(Input.projectId("project_id", id));
    }
}
