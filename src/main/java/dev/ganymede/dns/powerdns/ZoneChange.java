package dev.ganymede.dns.powerdns;

import dev.ganymede.dns.HostAddress;
import dev.ganymede.id.OrganizationId;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One thing to change in the zone; made by pure functions.
 *
 * @param key what the change is about; of two with one key in a batch the later one is made
 * @param rrsets the changes, in PowerDNS' words
 * @param obstacles what must go first when the server refuses {@code rrsets}; kept apart, since deleting what is hardly ever there takes as long as writing
 */
record ZoneChange(String key, List<JsonObject> rrsets, List<JsonObject> obstacles) {

    /**
     * Both names of the organization lead to the address, and nowhere else.
     *
     * @param possible types that may stand there
     */
    static ZoneChange publish(
            OrganizationId organization, HostAddress address, ZoneNames names, int ttlSeconds, Set<String> possible) {
        List<JsonObject> rrsets = new ArrayList<>();
        List<JsonObject> obstacles = new ArrayList<>();
        String otherFamily = address.recordType().equals("A") ? "AAAA" : "A";
        for (String name : names.of(organization)) {
            if (possible.contains(otherFamily)) {
                rrsets.add(RrSet.delete(name, otherFamily));
            }
            rrsets.add(RrSet.address(name, address).replace(ttlSeconds));
            obstacles.add(RrSet.delete(name, "CNAME"));
        }
        return new ZoneChange(names.gateway(organization), List.copyOf(rrsets), List.copyOf(obstacles));
    }

    /** Neither name of the organization leads anywhere. */
    static ZoneChange withdraw(OrganizationId organization, ZoneNames names, Set<String> possible) {
        List<JsonObject> rrsets = names.of(organization).stream()
                .flatMap(name -> possible.stream().map(type -> RrSet.delete(name, type)))
                .toList();
        return new ZoneChange(names.gateway(organization), rrsets, List.of());
    }

    /** The names that it is about. */
    Stream<String> names() {
        return rrsets.stream().map(rrset -> rrset.getString("name"));
    }

    /** What it takes of a request's body. */
    long sizeBytes() {
        return rrsets.stream().mapToLong(rrset -> rrset.toBuffer().length() + 1).sum();
    }

    /** The change with its obstacles out of the way; these are none then. */
    ZoneChange thorough() {
        return new ZoneChange(
                key, Stream.concat(obstacles.stream(), rrsets.stream()).toList(), List.of());
    }
}
