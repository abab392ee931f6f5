package dev.ganymede.pool;

import dev.ganymede.gateway.Order;
import dev.ganymede.problem.Input;
import dev.ganymede.problem.Problem;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The pool, for operators. What changes it answers at once with the status; the reconciler does the work. */
@Path("/gateway/pool")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Pool")
public class PoolResource {

    private final PoolOperations operations;
    private final PoolStatus status;

    PoolResource(PoolOperations operations, PoolStatus status) {
        this.operations = operations;
        this.status = status;
    }

    /** How many members to add. */
    @Schema(name = "CreateMembers")
    record CreateMembers(@Schema(examples = "2") Integer count) {}

    /** What is absent stays as it is. */
    @Schema(name = "ResizePool")
    record ResizePool(Integer buffer, Integer min, Integer max) {}

    /** Why. */
    @Schema(name = "PausePool")
    record PausePool(@Schema(nullable = true) String reason) {}

    @GET
    @Operation(summary = "Sizes, totals by state, and every gateway with its organization, orders, and failures")
    public Uni<PoolBody> status() {
        return status.pool();
    }

    @POST
    @Path("/create")
    @Operation(
            summary = "Add members to the pool",
            description = "Raises min to so many more than there are. They are created at once; watch the status.")
    public Uni<PoolBody> create(CreateMembers request) {
        Integer count = Input.body(request).count();
        if (count == null) {
            throw Problem.invalid("count", "is missing");
        }
        return operations.create(count).chain(status::pool);
    }

    @POST
    @Path("/resize")
    @Operation(
            summary = "Change buffer, min, max",
            description =
                    "For good: it outlives restarts. Only idle members leave, after a cool-down; above max, at once.")
    public Uni<PoolBody> resize(ResizePool request) {
        ResizePool given = Input.body(request);
        return operations
                .resize(new Resize(
                        Optional.ofNullable(given.buffer()),
                        Optional.ofNullable(given.min()),
                        Optional.ofNullable(given.max())))
                .chain(status::pool);
    }

    @POST
    @Path("/pause")
    @Operation(
            summary = "Create, replace and remove nothing until resumed",
            description = "Starts, stops and failovers go on with the gateways that are ready.")
    public Uni<PoolBody> pause(PausePool request) {
        return operations
                .pause(Optional.ofNullable(request).map(PausePool::reason))
                .chain(status::pool);
    }

    @POST
    @Path("/resume")
    @Operation(summary = "End the pause")
    public Uni<PoolBody> resume() {
        return operations.resume().chain(status::pool);
    }

    @POST
    @Path("/{gateway}/cordon")
    @Operation(summary = "Let no new organization come to this gateway", description = "By name or id.")
    public Uni<PoolBody> cordon(@PathParam("gateway") String gateway) {
        return order(gateway, Order.CORDON);
    }

    @POST
    @Path("/{gateway}/uncordon")
    @Operation(
            summary = "Let organizations come to this gateway again",
            description = "A drain or recycle that has not begun is off.")
    public Uni<PoolBody> uncordon(@PathParam("gateway") String gateway) {
        return order(gateway, Order.UNCORDON);
    }

    @POST
    @Path("/{gateway}/drain")
    @Operation(
            summary = "Empty this gateway and keep it empty",
            description = "Cordoned; its organization is moved to another gateway, its container is replaced.")
    public Uni<PoolBody> drain(@PathParam("gateway") String gateway) {
        return order(gateway, Order.DRAIN);
    }

    @POST
    @Path("/{gateway}/recycle")
    @Operation(
            summary = "Replace this gateway's container",
            description = "An organization that it serves is moved to another gateway first.")
    public Uni<PoolBody> recycle(@PathParam("gateway") String gateway) {
        return order(gateway, Order.RECYCLE);
    }

    private Uni<PoolBody> order(String gateway, Order order) {
        return operations.order(gateway, order).chain(status::pool);
    }
}
