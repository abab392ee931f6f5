package dev.ganymede.edge.nginx;

import dev.ganymede.edge.Route;
import dev.ganymede.id.OrganizationId;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/**
 * The routes that nginx serves from memory (mode {@code lua}): derived from the files, told after them, read back. Blocking; every call is bounded in time. Fails
 * with {@code EdgeException} only when the table says itself that it cannot take them.
 */
interface RouteTable {

    /**
     * What stands in it.
     *
     * @param instance another one for each start of nginx
     * @param version of the files that it was filled from, or {@code -} when that did not end
     */
    record State(String instance, String version, RouteDigest digest) {

        boolean is(String wanted, RouteDigest routes) {
            return version.equals(wanted) && digest.equals(routes);
        }
    }

    /** What became of a change. */
    sealed interface Outcome {

        /** The table says so itself. */
        record Live(String instance) implements Outcome {}

        /** It was not filled from the files that this change goes out from, or says something else than it was told. */
        record Behind() implements Outcome {}

        record Silent() implements Outcome {}
    }

    /** Empty when nobody answers. */
    Optional<State> state();

    /** From one version to the next; an organization without a route loses the one it had. */
    Outcome change(String from, String to, Map<OrganizationId, Optional<Route>> routes);

    /** Exactly these, whatever stood there; empty when nobody answers. */
    Optional<State> replace(String to, Map<OrganizationId, Route> routes);

    /** Their certificates are others now; false when nobody answers, and the old ones are shown for some minutes more. */
    boolean renewed(Collection<OrganizationId> organizations);
}
