package dev.ganymede.edge.nginx;

import dev.ganymede.edge.Route;
import dev.ganymede.id.OrganizationId;
import java.util.Map;
import java.util.Set;

/** Brings one batch into the directory and into nginx, or leaves both as they were. Blocking; only under the directory's lock. */
interface Rollout {

    void apply(Batch batch);

    /** The routes that stand in the directory; for any thread. */
    Map<OrganizationId, Route> published();

    /** The organizations that had a route after the last change of this process; for any thread. */
    Set<OrganizationId> routed();
}
