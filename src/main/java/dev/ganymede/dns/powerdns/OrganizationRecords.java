package dev.ganymede.dns.powerdns;

import dev.ganymede.dns.HostAddress;
import dev.ganymede.id.OrganizationId;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** The changes that publish and withdraw an organization's two names; a pure function. */
final class OrganizationRecords {

    private OrganizationRecords() {}

    static List<JsonObject> published(
            OrganizationId organization, HostAddress address, ZoneNames names, int ttlSeconds) {
        List<JsonObject> changes = new ArrayList<>();
        for (String name : names.of(organization)) {
            RrSet wanted = RrSet.address(name, address);
            // what leads elsewhere goes first: PowerDNS refuses an address beside a CNAME
            ZoneReading.LEADING_TYPES.stream()
                    .filter(type -> !type.equals(wanted.type()))
                    .forEach(type -> changes.add(RrSet.delete(name, type)));
            changes.add(wanted.replace(ttlSeconds));
        }
        return List.copyOf(changes);
    }

    static List<JsonObject> withdrawn(OrganizationId organization, ZoneNames names) {
        List<JsonObject> changes = new ArrayList<>();
        for (String name : names.of(organization)) {
            ZoneReading.LEADING_TYPES.forEach(type -> changes.add(RrSet.delete(name, type)));
        }
        return List.copyOf(changes);
    }
}
