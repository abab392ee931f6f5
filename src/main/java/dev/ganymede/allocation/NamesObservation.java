package dev.ganymede.allocation;

import dev.ganymede.dns.DnsZone.Published;
import dev.ganymede.dns.HostAddress;
import dev.ganymede.edge.Route;
import dev.ganymede.gateway.Allocation;
import dev.ganymede.id.OrganizationId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is published and what should be, at one look.
 *
 * @param address what every record points at
 * @param records what stands in the zone; absent when that could not be read
 * @param routes what stands at the edge; absent when that could not be read
 * @param queued organizations that wait for another gateway
 */
record NamesObservation(
        HostAddress address,
        Optional<Map<OrganizationId, Published>> records,
        Optional<Map<OrganizationId, Route>> routes,
        List<Allocation> live,
        Set<OrganizationId> queued) {}
