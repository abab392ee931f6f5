package dev.ganymede.edge.nginx;

import dev.ganymede.edge.Route;
import dev.ganymede.id.OrganizationId;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The routes that this process wrote last, so that a change need not read thousands of files; believed while the version on the disk is the one that it wrote.
 *
 * @param version empty when somebody else has written in between
 */
record RouteMemory(Optional<String> version, Map<OrganizationId, Route> routes) {

    static final RouteMemory NONE = new RouteMemory(Optional.empty(), Map.of());

    Optional<Map<OrganizationId, Route>> at(Optional<String> versionOnDisk) {
        return version.isPresent() && version.equals(versionOnDisk) ? Optional.of(routes) : Optional.empty();
    }

    /** For changes to come, which must not copy all of it each time. */
    static RouteMemory changeable(Optional<String> version, Map<OrganizationId, Route> routes) {
        return new RouteMemory(version, new ConcurrentHashMap<>(routes));
    }

    /** After a change from one version to another; only of a changeable one. */
    RouteMemory changed(Batch batch, Optional<String> from, Optional<String> to) {
        batch.routes()
                .forEach((organization, route) ->
                        route.ifPresentOrElse(now -> routes.put(organization, now), () -> routes.remove(organization)));
        return new RouteMemory(at(from).isPresent() ? to : Optional.empty(), routes);
    }
}
