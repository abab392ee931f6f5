package dev.ganymede.organization;

import dev.ganymede.id.Domain;
import dev.ganymede.id.OrganizationId;
import dev.ganymede.problem.Input;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/** Organizations, for the frontend. Deleting one is in {@code allocation}: it must not be served while it goes. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Organizations")
public class OrganizationResource {

    private static final int MAX_PAGE = 1_000;

    private final OrganizationRepository organizations;
    private final Domain domain;
    private final Clock clock;

    OrganizationResource(OrganizationRepository organizations, Domain domain, Clock clock) {
        this.organizations = organizations;
        this.domain = domain;
        this.clock = clock;
    }

    /** What to create; with an id of the caller's a repeated call is recognized (409). */
    @Schema(name = "NewOrganization")
    record NewOrganization(
            @Schema(examples = "Company A", maxLength = 200) String name,
            @Schema(nullable = true, examples = "0b9b2c9e-3f0a-4c55-9c1c-2f5e6a7d8e90") String id) {}

    /** An organization as callers see it. */
    @Schema(name = "Organization")
    record OrganizationBody(UUID id, String name, String hostname, Instant createdAt) {}

    /** One page; {@code next} is the {@code after} of the following one, or null. */
    @Schema(name = "OrganizationPage")
    record OrganizationPage(List<OrganizationBody> organizations, UUID next) {}

    @POST
    @Path("/organizations")
    @Operation(summary = "Create an organization")
    public Uni<RestResponse<OrganizationBody>> create(NewOrganization request) {
        NewOrganization wanted = Input.body(request);
        OrganizationId id =
                wanted.id() == null ? new OrganizationId(UUID.randomUUID()) : Input.organizationId("id", wanted.id());
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        return organizations
                .create(new Organization(id, Input.name("name", wanted.name()), now))
                .map(created -> RestResponse.ResponseBuilder.<OrganizationBody>created(
                                URI.create("/organizations/" + created.id()))
                        .entity(body(created))
                        .build());
    }

    @GET
    @Path("/organizations")
    @Operation(summary = "List organizations, in the order of their ids")
    public Uni<OrganizationPage> list(
            @QueryParam("after") String after, @QueryParam("limit") @DefaultValue("100") String size) {
        int limit = Input.number("limit", size, MAX_PAGE);
        OrganizationId start = after == null ? null : Input.organizationId("after", after);
        return organizations.page(start, limit).map(found -> {
            UUID next = found.size() < limit ? null : found.get(limit - 1).id().value();
            return new OrganizationPage(found.stream().map(this::body).toList(), next);
        });
    }

    @GET
    @Path("/organizations/{organization_id}")
    @Operation(summary = "Read an organization")
    public Uni<OrganizationBody> get(@PathParam("organization_id") String id) {
        return organizations.get(Input.organizationId("organization_id", id)).map(this::body);
    }

    private OrganizationBody body(Organization organization) {
        return new OrganizationBody(
                organization.id().value(),
                organization.name(),
                domain.organization(organization.id()),
                organization.createdAt());
    }
}
