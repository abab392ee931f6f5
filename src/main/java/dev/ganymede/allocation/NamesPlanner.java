package dev.ganymede.allocation;

import dev.ganymede.dns.DnsZone.Published;
import dev.ganymede.edge.Route;
import dev.ganymede.gateway.Allocation;
import dev.ganymede.gateway.AllocationState;
import dev.ganymede.id.OrganizationId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Records and routes are a function of the live allocations (invariant 6): finds what differs.
 *
 * <p>A handshake publishes by itself, and an organization that waits for another gateway keeps what it has: both are left alone. What could not be
 * read is not judged.
 */
final class NamesPlanner {

    private static final String UNSERVED = "nobody serves it";

    private NamesPlanner() {}

    static NamesPlan plan(NamesObservation seen) {
        List<NamesAction> actions = new ArrayList<>();
        for (Allocation allocation : seen.live()) {
            if (allocation.state() instanceof AllocationState.Serving) {
                records(seen, allocation.organization()).ifPresent(actions::add);
                route(seen, allocation).ifPresent(actions::add);
            }
        }
        Set<OrganizationId> kept = new HashSet<>(seen.queued());
        seen.live().forEach(allocation -> kept.add(allocation.organization()));
        left(seen.records(), kept)
                .forEach(organization -> actions.add(new NamesAction.WithdrawRecords(organization, UNSERVED)));
        left(seen.routes(), kept)
                .forEach(organization -> actions.add(new NamesAction.WithdrawRoute(organization, UNSERVED)));
        return new NamesPlan(List.copyOf(actions));
    }

    private static Optional<NamesAction> records(NamesObservation seen, OrganizationId organization) {
        return seen.records()
                .flatMap(found -> wrong(seen, Optional.ofNullable(found.get(organization))))
                .map(reason -> new NamesAction.PublishRecords(organization, reason));
    }

    private static Optional<String> wrong(NamesObservation seen, Optional<Published> found) {
        if (found.isEmpty()) {
            return Optional.of("its records are missing");
        }
        if (found.get() instanceof Published.At at) {
            return at.address().equals(seen.address())
                    ? Optional.empty()
                    : Optional.of("its records point at " + at.address());
        }
        return Optional.of("its records are damaged");
    }

    private static Optional<NamesAction> route(NamesObservation seen, Allocation allocation) {
        Optional<Route> wanted = allocation
                .endpoint()
                .map(gateway -> new Route(allocation.organization(), gateway, allocation.generation()));
        return wanted.isEmpty()
                ? Optional.empty()
                : seen.routes()
                        .map(found -> Optional.ofNullable(found.get(allocation.organization())))
                        .filter(found -> !found.equals(wanted))
                        .map(found -> new NamesAction.PublishRoute(
                                allocation.organization(),
                                found.isEmpty() ? "its route is missing" : "its route leads elsewhere"));
    }

    /** In the order of ids, so that two looks at the same things make the same plan. */
    private static List<OrganizationId> left(
            Optional<? extends Map<OrganizationId, ?>> found, Set<OrganizationId> kept) {
        return found.stream()
                .flatMap(published -> published.keySet().stream())
                .filter(organization -> !kept.contains(organization))
                .sorted((one, other) -> one.value().compareTo(other.value()))
                .toList();
    }
}
