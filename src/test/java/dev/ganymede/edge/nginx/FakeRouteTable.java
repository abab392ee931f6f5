package dev.ganymede.edge.nginx;

import dev.ganymede.edge.EdgeException;
import dev.ganymede.edge.Route;
import dev.ganymede.id.OrganizationId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The table as edge_routes.lua keeps it; a reload leaves it, a start makes another one. */
final class FakeRouteTable implements RouteTable {

    private final String instance = UUID.randomUUID().toString();
    private final Map<OrganizationId, Route> routes = new HashMap<>();
    private final List<OrganizationId> renewed = new ArrayList<>();
    private String version = "-";
    private int silences;
    private boolean deaf;
    private boolean full;

    /** The next calls get no answer. */
    void staySilent(int calls) {
        silences = calls;
    }

    /** Changes are answered, and not made. */
    void pretend(boolean on) {
        deaf = on;
    }

    void full(boolean on) {
        full = on;
    }

    /** Somebody changes it behind everybody's back. */
    Map<OrganizationId, Route> routes() {
        return routes;
    }

    void load(EdgeFiles files) {
        routes.clear();
        for (String name : files.routeNames()) {
            files.read(name)
                    .flatMap(content -> RouteFile.parse(name, content))
                    .ifPresent(route -> routes.put(route.organization(), route));
        }
        version = files.read(EdgeFiles.ROUTES_VERSION).map(String::strip).orElse("-");
    }

    @Override
    public Optional<State> state() {
        return silent() ? Optional.empty() : Optional.of(now());
    }

    @Override
    public Outcome change(String from, String to, Map<OrganizationId, Optional<Route>> changes) {
        if (silent()) {
            return new Outcome.Silent();
        }
        if (!from.equals(version)) {
            return new Outcome.Behind();
        }
        requireRoom();
        version = to;
        if (deaf) {
            return new Outcome.Behind();
        }
        changes.forEach((organization, route) ->
                route.ifPresentOrElse(found -> routes.put(organization, found), () -> routes.remove(organization)));
        return new Outcome.Live(instance);
    }

    @Override
    public Optional<State> replace(String to, Map<OrganizationId, Route> all) {
        if (silent()) {
            return Optional.empty();
        }
        requireRoom();
        if (!deaf) {
            routes.clear();
            routes.putAll(all);
        }
        version = to;
        return Optional.of(now());
    }

    @Override
    public boolean renewed(Collection<OrganizationId> organizations) {
        renewed.addAll(organizations);
        return true;
    }

    private State now() {
        return new State(instance, version, RouteDigest.of(routes));
    }

    private boolean silent() {
        return silences-- > 0;
    }

    private void requireRoom() {
        if (full) {
            version = "-";
            throw new EdgeException("the edge's table is full");
        }
    }
}
