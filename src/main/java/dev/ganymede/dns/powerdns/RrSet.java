package dev.ganymede.dns.powerdns;

import dev.ganymede.dns.HostAddress;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * All records of one type at one name, as PowerDNS' API speaks of them.
 *
 * @param name canonical, ends in a dot
 * @param contents of its records, disabled ones left out
 * @param disabled whether some record is switched off
 */
record RrSet(String name, String type, List<String> contents, boolean disabled) {

    static RrSet address(String name, HostAddress address) {
        return new RrSet(name, address.recordType(), List.of(address.value()), false);
    }

    static RrSet read(JsonObject json) {
        List<JsonObject> records = json.getJsonArray("records", new JsonArray()).stream()
                .map(JsonObject.class::cast)
                .toList();
        return new RrSet(
                json.getString("name", ""),
                json.getString("type", ""),
                records.stream()
                        .filter(record -> !isDisabled(record))
                        .map(record -> record.getString("content", ""))
                        .toList(),
                records.stream().anyMatch(RrSet::isDisabled));
    }

    private static boolean isDisabled(JsonObject record) {
        return record.getBoolean("disabled", false);
    }

    /** The change that makes it so, whatever stood there. */
    JsonObject replace(int ttlSeconds) {
        JsonArray records = new JsonArray();
        contents.forEach(
                content -> records.add(new JsonObject().put("content", content).put("disabled", false)));
        return new JsonObject()
                .put("name", name)
                .put("type", type)
                .put("ttl", ttlSeconds)
                .put("changetype", "REPLACE")
                .put("records", records);
    }

    /** The change that removes it; absent already is fine. */
    static JsonObject delete(String name, String type) {
        return new JsonObject().put("name", name).put("type", type).put("changetype", "DELETE");
    }
}
