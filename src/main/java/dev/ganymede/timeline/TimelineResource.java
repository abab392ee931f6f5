package dev.ganymede.timeline;

import dev.ganymede.id.OrganizationId;
import dev.ganymede.problem.Input;
import dev.ganymede.problem.Problem;
import dev.ganymede.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Why is my organization not up? For operators. */
@Path("/organizations/{organization_id}/timeline")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Organizations")
public class TimelineResource {

    private static final int MAX_TENANCIES = 200;

    private final HistoryRepository histories;
    private final Clock clock;

    TimelineResource(HistoryRepository histories, Clock clock) {
        this.histories = histories;
        this.clock = clock;
    }

    @GET
    @Operation(
            summary = "Why is my organization not up?",
            description = "The status in one sentence, then the newest tenancies with their stages, newest first."
                    + " Stages are written a moment after they happened; a killed process may leave some out.")
    public Uni<TimelineBody> get(
            @PathParam("organization_id") String id, @QueryParam("limit") @DefaultValue("20") String limit) {
        OrganizationId organization = Input.organizationId("organization_id", id);
        return histories
                .find(organization, Input.number("limit", limit, MAX_TENANCIES))
                .map(found -> found.orElseThrow(() -> Problem.of(ProblemType.ORGANIZATION_NOT_FOUND, null)))
                .map(history -> TimelineBody.of(organization, history, clock.instant()));
    }
}
