package dev.ganymede.edge.nginx;

import dev.ganymede.id.OrganizationId;
import java.util.Set;

/** Brings one batch into the directory and into nginx, or leaves both as they were. Blocking; only under the directory's lock. */
interface Rollout {

    void apply(Batch batch);

    /** The organizations that had a route after the last change of this process; for any thread. */
    Set<OrganizationId> routed();
}
