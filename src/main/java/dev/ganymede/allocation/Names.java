package dev.ganymede.allocation;

import dev.ganymede.dns.DnsZone;
import dev.ganymede.dns.DnsZone.Published;
import dev.ganymede.dns.HostAddress;
import dev.ganymede.edge.EdgeRoutes;
import dev.ganymede.edge.Route;
import dev.ganymede.flow.KeyedQueue;
import dev.ganymede.gateway.Allocation;
import dev.ganymede.gateway.AllocationRepository;
import dev.ganymede.gateway.AllocationState;
import dev.ganymede.id.OrganizationId;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Keeps DNS and the edge a function of the live allocations (invariant 6).
 *
 * <p>Everything about one organization's names happens one after the other, and a withdrawal looks at the database again in its turn: a late stop never takes
 * away what a new start has just published.
 */
@ApplicationScoped
class Names {

    private static final Logger LOG = Logger.getLogger(Names.class);

    private final AllocationRepository allocations;
    private final DnsZone dns;
    private final EdgeRoutes edge;
    private final HostAddress address;
    private final KeyedQueue<OrganizationId> turns = new KeyedQueue<>();

    Names(
            AllocationRepository allocations,
            DnsZone dns,
            EdgeRoutes edge,
            @ConfigProperty(name = "ganymede.dns.host-address") String address) {
        this.allocations = allocations;
        this.dns = dns;
        this.edge = edge;
        this.address = new HostAddress(address);
    }

    /** Publishes DNS and route side by side; ends when both are live, fails when one could not be written. */
    Uni<Void> publish(Allocation allocation) {
        return turns.run(allocation.organization(), () -> publishNow(allocation));
    }

    /** Withdraws DNS and route unless the organization has a live allocation by now. */
    Uni<Void> withdraw(OrganizationId organization) {
        return turns.run(organization, () -> allocations
                .findLive(organization)
                .chain(live -> live.isPresent() ? Uni.createFrom().voidItem() : withdrawNow(organization)));
    }

    /** Repairs what differs from the live allocations; each organization by itself. */
    Uni<Void> reconcile() {
        // what is published is read first: an allocation that is made meanwhile is seen in the database, and left alone
        return Uni.combine()
                .all()
                .unis(readable("DNS", dns.published()), readable("the edge", edge.published()))
                .asTuple()
                .chain(published ->
                        allocations.allLive().map(live -> different(published.getItem1(), published.getItem2(), live)))
                .chain(this::repairAll);
    }

    /** One that can't be read now must not keep the other from being repaired. */
    private static <T> Uni<Optional<T>> readable(String what, Uni<T> published) {
        return published
                .map(Optional::of)
                .onFailure()
                .invoke(failure -> LOG.warnf("names published in %s can't be read: %s", what, failure))
                .onFailure()
                .recoverWithItem(Optional.empty());
    }

    private Set<OrganizationId> different(
            Optional<Map<OrganizationId, Published>> records,
            Optional<Map<OrganizationId, Route>> routes,
            List<Allocation> allocations) {
        Map<OrganizationId, Allocation> live =
                allocations.stream().collect(Collectors.toMap(Allocation::organization, Function.identity()));
        Set<OrganizationId> different = new HashSet<>();
        records.ifPresent(found -> different.addAll(found.keySet()));
        routes.ifPresent(found -> different.addAll(found.keySet()));
        different.removeAll(live.keySet());
        for (Allocation allocation : allocations) {
            // a handshake publishes by itself
            boolean serving = allocation.state() instanceof AllocationState.Serving;
            OrganizationId organization = allocation.organization();
            boolean asPublished = records.map(found -> new Published.At(address).equals(found.get(organization)))
                            .orElse(true)
                    && routes.map(found ->
                                    Optional.ofNullable(found.get(organization)).equals(route(allocation)))
                            .orElse(true);
            if (serving && !asPublished) {
                different.add(organization);
            }
        }
        return different;
    }

    private Uni<Void> repairAll(Set<OrganizationId> organizations) {
        if (organizations.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        LOG.infof("names of %d organizations differ from the live allocations, repairing", organizations.size());
        List<Uni<Void>> repairs = organizations.stream().map(this::repair).toList();
        return Uni.join().all(repairs).andCollectFailures().replaceWithVoid();
    }

    private Uni<Void> repair(OrganizationId organization) {
        return turns.run(organization, () -> allocations.findLive(organization).chain(live -> live.map(this::publishNow)
                .orElseGet(() -> withdrawNow(organization))));
    }

    private Uni<Void> publishNow(Allocation allocation) {
        return route(allocation)
                .map(route -> Uni.join()
                        .all(dns.publish(allocation.organization(), address), edge.publish(route))
                        .andCollectFailures()
                        .replaceWithVoid())
                .orElseGet(() -> Uni.createFrom()
                        .failure(new IllegalStateException("allocation " + allocation.id() + " has no endpoint")));
    }

    private Uni<Void> withdrawNow(OrganizationId organization) {
        return Uni.join()
                .all(dns.withdraw(organization), edge.withdraw(organization))
                .andCollectFailures()
                .replaceWithVoid();
    }

    private static Optional<Route> route(Allocation allocation) {
        return allocation
                .endpoint()
                .map(endpoint -> new Route(allocation.organization(), endpoint, allocation.generation()));
    }
}
