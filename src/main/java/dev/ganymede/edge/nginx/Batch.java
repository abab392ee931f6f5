package dev.ganymede.edge.nginx;

import dev.ganymede.edge.Route;
import dev.ganymede.id.OrganizationId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Several changes as one: what the last of them says of each organization.
 *
 * @param basePem new key and chain of the base certificate, if one of the changes brought it
 * @param whole whether organizations that are not in {@code routes} lose theirs
 * @param routes the organizations that this is about; empty means no route
 */
record Batch(Optional<String> basePem, boolean whole, Map<OrganizationId, Optional<Route>> routes) {

    static Batch of(List<Change> changes) {
        Optional<String> basePem = Optional.empty();
        boolean whole = false;
        Map<OrganizationId, Optional<Route>> routes = new LinkedHashMap<>();
        for (Change change : changes) {
            if (change instanceof Change.Ensure ensure) {
                basePem = Optional.of(ensure.basePem());
            } else if (change instanceof Change.Publish publish) {
                routes.put(publish.route().organization(), Optional.of(publish.route()));
            } else if (change instanceof Change.Withdraw withdraw) {
                routes.put(withdraw.organization(), Optional.empty());
            } else if (change instanceof Change.ReplaceAll all) {
                basePem = Optional.of(all.basePem());
                whole = true;
                routes.clear();
                all.routes().forEach(route -> routes.put(route.organization(), Optional.of(route)));
            }
        }
        return new Batch(basePem, whole, routes);
    }

    /** Whether it is about all files, not only about those of its organizations. */
    boolean everything() {
        return basePem.isPresent();
    }

    /** The routes after this batch. */
    Map<OrganizationId, Route> appliedTo(Map<OrganizationId, Route> before) {
        Map<OrganizationId, Route> after = new LinkedHashMap<>(whole ? Map.of() : before);
        routes.forEach((organization, route) ->
                route.ifPresentOrElse(to -> after.put(organization, to), () -> after.remove(organization)));
        return after;
    }
}
