package dev.ganymede.dns.powerdns;

import dev.ganymede.id.Domain;
import dev.ganymede.id.OrganizationId;
import java.util.List;
import java.util.Optional;

/** The names that Ganymede owns in its zone, canonical: lower case, with a final dot. Every other name is foreign (invariant 7). */
record ZoneNames(Domain domain) {

    /** One of an organization's two names. */
    record Owned(OrganizationId organization, boolean wildcard) {}

    String zone() {
        return domain.name() + ".";
    }

    /** The zone's only name server, which is where the zone is. */
    String nameServer() {
        return "ns1." + zone();
    }

    /** The names of the environment itself. */
    List<String> environment() {
        return List.of(zone(), domain.ganymede() + ".", nameServer());
    }

    String gateway(OrganizationId organization) {
        return domain.organization(organization) + ".";
    }

    /** Everything below the gateway: its user containers. */
    String wildcard(OrganizationId organization) {
        return "*." + gateway(organization);
    }

    /** Both names of an organization. */
    List<String> of(OrganizationId organization) {
        return List.of(gateway(organization), wildcard(organization));
    }

    /** Strict: only the exact names that {@link #gateway} and {@link #wildcard} write are ours. */
    Optional<Owned> parse(String name) {
        boolean wildcard = name.startsWith("*.");
        String gateway = wildcard ? name.substring(2) : name;
        String tail = "." + zone();
        if (!gateway.startsWith("org-") || !gateway.endsWith(tail)) {
            return Optional.empty();
        }
        try {
            OrganizationId organization =
                    OrganizationId.parse(gateway.substring("org-".length(), gateway.length() - tail.length()));
            return gateway.equals(gateway(organization))
                    ? Optional.of(new Owned(organization, wildcard))
                    : Optional.empty();
        } catch (IllegalArgumentException foreign) {
            return Optional.empty();
        }
    }
}
