package dev.ganymede.dns.powerdns;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** What the environment itself needs in its zone, compared with what stands there; a pure function. */
final class EnvironmentRecords {

    /** PowerDNS' own default, with which a missing name would stay missing for an hour. */
    private static final String PLACEHOLDER = "a.misconfigured.dns.server.invalid.";

    private EnvironmentRecords() {}

    /** The changes that are left to make; an administrator's own SOA and foreign names stay. */
    static List<JsonObject> missing(List<RrSet> present, ZoneNames names, PowerDnsConfig config) {
        List<JsonObject> changes = new ArrayList<>();
        if (present.stream().noneMatch(EnvironmentRecords::isDecidedSoa)) {
            changes.add(soa(names, config).replace(config.ttlSeconds()));
        }
        names.environment().stream()
                .map(name -> RrSet.address(name, config.hostAddress()))
                .filter(wanted -> !present.contains(wanted))
                .forEach(wanted -> changes.add(wanted.replace(config.ttlSeconds())));
        return List.copyOf(changes);
    }

    private static boolean isDecidedSoa(RrSet rrset) {
        return rrset.type().equals("SOA")
                && rrset.contents().stream().noneMatch(content -> content.startsWith(PLACEHOLDER));
    }

    private static RrSet soa(ZoneNames names, PowerDnsConfig config) {
        // serial (the server counts on), refresh, retry, expire, and how long "no such name" is kept
        String content = "%s hostmaster.%s 1 10800 3600 604800 %d"
                .formatted(names.nameServer(), names.zone(), config.negativeTtlSeconds());
        return new RrSet(names.zone(), "SOA", List.of(content), false);
    }
}
