package dev.ganymede.edge;

import dev.ganymede.id.OrganizationId;
import io.smallrye.mutiny.Uni;
import java.util.Collection;
import java.util.Map;

/**
 * The routes organization → gateway at the edge (DESIGN §3, §7 "Edge"; seed 004 "Phase 6"). A route covers {@code org-<uuid>.<domain>} and every name
 * below it. Ganymede owns one directory there and touches nothing else (invariant 7); the edge keeps serving what stands in it while Ganymede is down
 * (invariant 8).
 *
 * <p>All calls are idempotent, bounded in time, safe for concurrent use, and written by one writer: changes that wait share one reload. They fail with
 * {@link EdgeException}; after a failure the edge serves what it served before.
 *
 * <p>An edge that does not run is written to all the same, and serves what stands there when it starts: {@code publish} and {@code ping} fail then, the
 * others, whose promise holds, do not.
 */
public interface EdgeRoutes {

    /** Writes everything but the routes (main configuration, certificates for the environment's own names); needed before the edge first starts. */
    Uni<Void> ensure();

    /** Completes when every request that arrives from now on is served by this route. Replaces an earlier route of the organization. */
    Uni<Void> publish(Route route);

    /** Completes when no new request reaches the organization's gateway. Absent: nothing happens. */
    Uni<Void> withdraw(OrganizationId organization);

    /** Makes the edge's routes exactly these, in one change; nothing is reloaded when they are already. */
    Uni<Void> replaceAll(Collection<Route> routes);

    /** The routes as they stand in the edge's directory, read back for reconciliation; unreadable entries are absent. */
    Uni<Map<OrganizationId, Route>> published();

    /** False while calls have failed so often lately that further ones are refused without being tried: nothing that needs them should begin. */
    default boolean available() {
        return true;
    }

    /** Cheap proof that the edge runs and answers, for health checks. */
    Uni<Void> ping();
}
