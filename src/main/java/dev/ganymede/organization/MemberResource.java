package dev.ganymede.organization;

import dev.ganymede.id.OrganizationId;
import dev.ganymede.problem.Input;
import dev.ganymede.problem.Problem;
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
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/** Members of an organization, for the frontend. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Members")
public class MemberResource {

    private final OrganizationRepository organizations;
    private final MemberRepository members;
    private final Clock clock;

    MemberResource(OrganizationRepository organizations, MemberRepository members, Clock clock) {
        this.organizations = organizations;
        this.members = members;
        this.clock = clock;
    }

    /** Who becomes a member. */
    @Schema(name = "NewMember")
    record NewMember(
            @Schema(examples = "7d1f7c0e-52e5-4a4f-8d0e-9a1b2c3d4e5f") String userId,
            @Schema(examples = "Ada", maxLength = 200) String name,
            @Schema(
                            nullable = true,
                            defaultValue = "editor",
                            enumeration = {"owner", "editor", "viewer"})
                    String role) {}

    /** A member as callers see it. */
    @Schema(name = "Member")
    record MemberBody(UUID userId, UUID organizationId, String name, String role, Instant createdAt) {}

    /** All members of one organization. */
    @Schema(name = "MemberList")
    record MemberList(List<MemberBody> members) {}

    @POST
    @Path("/organizations/{organization_id}/members")
    @Operation(summary = "Add a member")
    public Uni<RestResponse<MemberBody>> create(@PathParam("organization_id") String owner, NewMember request) {
        NewMember wanted = Input.body(request);
        Member member = new Member(
                Input.organizationId("organization_id", owner),
                Input.userId("user_id", wanted.userId()),
                Input.name("name", wanted.name()),
                role(wanted.role()),
                clock.instant().truncatedTo(ChronoUnit.MICROS));
        return members.create(member).map(created -> RestResponse.ResponseBuilder.<MemberBody>created(
                        URI.create("/organizations/" + created.organization() + "/members/" + created.user()))
                .entity(body(created))
                .build());
    }

    @GET
    @Path("/organizations/{organization_id}/members")
    @Operation(summary = "List an organization's members")
    public Uni<MemberList> list(@PathParam("organization_id") String owner) {
        OrganizationId organization = Input.organizationId("organization_id", owner);
        return organizations
                .get(organization)
                .chain(found -> members.list(organization))
                .map(found ->
                        new MemberList(found.stream().map(MemberResource::body).toList()));
    }

    @DELETE
    @Path("/organizations/{organization_id}/members/{user_id}")
    @Operation(summary = "Remove a member", description = "Access tokens issued before live on until they expire.")
    public Uni<Void> delete(@PathParam("organization_id") String owner, @PathParam("user_id") String user) {
        return members.delete(Input.organizationId("organization_id", owner), Input.userId("user_id", user));
    }

    private static Member.Role role(String text) {
        if (text == null) {
            return Member.Role.EDITOR;
        }
        return switch (text) {
            case "owner" -> Member.Role.OWNER;
            case "editor" -> Member.Role.EDITOR;
            case "viewer" -> Member.Role.VIEWER;
            default -> throw Problem.invalid("role", "must be owner, editor or viewer");
        };
    }

    private static MemberBody body(Member member) {
        return new MemberBody(
                member.user().value(),
                member.organization().value(),
                member.name(),
                member.role().name().toLowerCase(Locale.ROOT),
                member.createdAt());
    }
}
