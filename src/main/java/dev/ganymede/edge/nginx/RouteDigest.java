package dev.ganymede.edge.nginx;

import dev.ganymede.edge.Route;
import dev.ganymede.id.OrganizationId;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.CRC32;

/** A set of routes in two numbers, whatever their order; against accidents, not against malice. */
record RouteDigest(long count, long sum) {

    static RouteDigest of(Map<OrganizationId, Route> routes) {
        long sum = 0;
        for (Route route : routes.values()) {
            CRC32 crc = new CRC32();
            crc.update(RouteFile.entry(route).getBytes(StandardCharsets.US_ASCII));
            sum += crc.getValue();
        }
        return new RouteDigest(routes.size(), sum & 0xffff_ffffL);
    }
}
