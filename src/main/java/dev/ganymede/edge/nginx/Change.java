package dev.ganymede.edge.nginx;

import dev.ganymede.edge.Route;
import dev.ganymede.id.OrganizationId;
import java.util.List;

/** What one caller wants of the edge. */
sealed interface Change {

    /**
     * Everything but the routes.
     *
     * @param basePem key and chain for the environment's own names; secret
     */
    record Ensure(String basePem) implements Change {}

    record Publish(Route route) implements Change {}

    record Withdraw(OrganizationId organization) implements Change {}

    /** Everything, and exactly these routes. */
    record ReplaceAll(String basePem, List<Route> routes) implements Change {}
}
