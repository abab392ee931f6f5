package dev.ganymede.dns.powerdns;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which of the types that lead somewhere may stand at our names: deleting what is not there costs PowerDNS as much as writing, and in a zone of IPv4 addresses there
 * is nothing else to delete.
 *
 * <p>Until the zone was read all of them may. What somebody else brings in later is seen by the next reading, which also finds the organization damaged, and so has it
 * written again. Types are never forgotten. Thread-safe.
 */
final class LeadingTypes {

    private final Set<String> seen = ConcurrentHashMap.newKeySet();
    private volatile boolean read;

    void read(List<RrSet> rrsets, ZoneNames names) {
        rrsets.stream()
                .filter(rrset -> ZoneReading.LEADING_TYPES.contains(rrset.type()) && !seen.contains(rrset.type()))
                .filter(rrset -> names.parse(rrset.name()).isPresent())
                .forEach(rrset -> seen.add(rrset.type()));
        read = true;
    }

    /** Told before it is written. */
    void written(String type) {
        seen.add(type);
    }

    /** Never empty once something was written. */
    Set<String> possible() {
        return read ? Set.copyOf(seen) : ZoneReading.LEADING_TYPES;
    }
}
