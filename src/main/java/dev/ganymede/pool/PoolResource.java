package dev.ganymede.pool;

import dev.ganymede.gateway.GatewayRepository;
import dev.ganymede.problem.Input;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The pool, for operators. */
@Path("/gateway/pool")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Pool")
public class PoolResource {

    private final GatewayRepository gateways;
    private final PoolSize size;
    private final PoolReconciler reconciler;
    private final String environment;

    PoolResource(
            GatewayRepository gateways,
            PoolSize size,
            PoolReconciler reconciler,
            @ConfigProperty(name = "ganymede.environment") String environment) {
        this.gateways = gateways;
        this.size = size;
        this.reconciler = reconciler;
        this.environment = environment;
    }

    /** How many members to add. */
    @Schema(name = "CreateMembers")
    record CreateMembers(@Schema(examples = "2") Integer count) {}

    @GET
    @Operation(summary = "Totals by state, and every gateway with its ports, its organization, and since when")
    public Uni<PoolBody> status() {
        return size.desired().chain(desired -> gateways.allWithTenancy()
                .map(members -> new PoolBody(
                        environment,
                        desired,
                        PoolBody.Totals.of(members),
                        members.stream().map(PoolBody.Member::of).toList())));
    }

    @POST
    @Path("/create")
    @Operation(summary = "Add members to the pool", description = "They are created at once; watch the status.")
    public Uni<PoolBody> create(CreateMembers request) {
        Integer count = Input.body(request).count();
        return size.add(count == null ? 0 : count).invoke(reconciler::signal).chain(this::status);
    }
}
