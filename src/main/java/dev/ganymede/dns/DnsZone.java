package dev.ganymede.dns;

import dev.ganymede.id.OrganizationId;
import io.smallrye.mutiny.Uni;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The environment's DNS zone (DESIGN §3, §7 "DNS"; seed 004 "DNS Management"). Of it Ganymede owns the apex, {@code ganymede}, and for each
 * organization {@code org-<uuid>} and {@code *.org-<uuid>}; every other name is foreign and left alone (invariant 7).
 *
 * <p>All calls are idempotent, bounded in time, safe for concurrent use, and written by one writer: what waits goes into the next
 * change. They fail with {@link DnsException} when the server can't be reached or refuses. After a completed call the server answers the new way.
 */
public interface DnsZone {

    /** Makes sure that the zone and the environment's own names (apex, {@code ganymede}) exist, and tells like {@link #published} what stands in it: one reading serves both. */
    Uni<Map<OrganizationId, Published>> ensure();

    /**
     * Points both names of the organization at the address, whatever they pointed at before. A record of another type that somebody else has put there since the last
     * {@link #published} may stay until the next one, which finds it damaged.
     */
    Uni<Void> publish(OrganizationId organization, HostAddress address);

    /** Removes both names of the organization. Absent: nothing happens. */
    Uni<Void> withdraw(OrganizationId organization);

    /** The organizations whose names stand in the zone, complete or not, for reconciliation: only an exact pair at one address counts as published. */
    Uni<Map<OrganizationId, Published>> published();

    /** False while calls have failed so often lately that further ones are refused without being tried: nothing that needs them should begin. */
    default boolean available() {
        return true;
    }

    /**
     * A change that got no answer may still be made, after a newer one. The listener hears, several times and for a while, of the organizations that such a change
     * was about, and has their names written as they should stand by then.
     */
    default void onDoubt(Consumer<Set<OrganizationId>> listener) {}

    /** Cheap round trip to the server, for health checks. */
    Uni<Void> ping();

    /** How an organization's names stand in the zone. */
    sealed interface Published {

        /** Both names point at this one address. */
        record At(HostAddress address) implements Published {}

        /** One of the two is missing, disabled, or differs: publish again or withdraw. */
        record Damaged() implements Published {}
    }
}
