package dev.ganymede.dns.powerdns;

import dev.ganymede.dns.DnsZone.Published;
import dev.ganymede.dns.HostAddress;
import dev.ganymede.id.OrganizationId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the zone says about organizations: a pure reading of its records, foreign ones skipped. */
final class ZoneReading {

    /** The types that decide where a name leads; anything else at our names (TXT …) leads nowhere. */
    static final Set<String> LEADING_TYPES = Set.of("A", "AAAA", "CNAME");

    /** What stands at an organization's two names. */
    private record Pair(List<RrSet> gateway, List<RrSet> wildcard) {

        Pair() {
            this(new ArrayList<>(), new ArrayList<>());
        }
    }

    private ZoneReading() {}

    static Map<OrganizationId, Published> of(List<RrSet> rrsets, ZoneNames names) {
        Map<OrganizationId, Pair> pairs = new LinkedHashMap<>();
        for (RrSet rrset : rrsets) {
            Optional<ZoneNames.Owned> owned =
                    LEADING_TYPES.contains(rrset.type()) ? names.parse(rrset.name()) : Optional.empty();
            owned.ifPresent(name -> {
                Pair pair = pairs.computeIfAbsent(name.organization(), organization -> new Pair());
                (name.wildcard() ? pair.wildcard() : pair.gateway()).add(rrset);
            });
        }
        Map<OrganizationId, Published> published = new HashMap<>();
        pairs.forEach((organization, pair) -> published.put(organization, judge(pair)));
        return Map.copyOf(published);
    }

    private static Published judge(Pair pair) {
        Optional<HostAddress> gateway = onlyAddress(pair.gateway());
        return gateway.isPresent() && gateway.equals(onlyAddress(pair.wildcard()))
                ? new Published.At(gateway.get())
                : new Published.Damaged();
    }

    private static Optional<HostAddress> onlyAddress(List<RrSet> rrsets) {
        if (rrsets.size() != 1) {
            return Optional.empty();
        }
        RrSet only = rrsets.get(0);
        if (only.disabled() || only.contents().size() != 1) {
            return Optional.empty();
        }
        try {
            HostAddress address = new HostAddress(only.contents().get(0));
            return address.recordType().equals(only.type()) ? Optional.of(address) : Optional.empty();
        } catch (IllegalArgumentException notAnAddress) {
            return Optional.empty();
        }
    }
}
