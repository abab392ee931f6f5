package dev.ganymede.allocation;

import dev.ganymede.dns.DnsZone;
import dev.ganymede.dns.HostAddress;
import dev.ganymede.edge.EdgeRoutes;
import dev.ganymede.edge.Route;
import dev.ganymede.flow.KeyedQueue;
import dev.ganymede.gateway.Allocation;
import dev.ganymede.gateway.AllocationRepository;
import dev.ganymede.gateway.Standing;
import dev.ganymede.id.AllocationId;
import dev.ganymede.id.OrganizationId;
import dev.ganymede.timeline.Stage;
import dev.ganymede.timeline.Timeline;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Publishes and withdraws the names of organizations: two DNS records and a route at the edge.
 *
 * <p>In this process everything about one organization's names happens one after the other. Other processes do the same at the same time, so the database is
 * asked before a withdrawal and after every change: whoever comes last leaves the names as they should be, and a late stop never takes away for good what a new
 * start has published.
 */
@ApplicationScoped
class Names {

    private static final Logger LOG = Logger.getLogger(Names.class);

    private static final int TURNS_PER_ORGANIZATION = 32;
    private static final int TURNS = 10_000;
    // two processes that answer each other's changes for longer than that leave it to the next round
    private static final int LOOKS = 4;
    // all of them share a change of the zone, and leave connections to the database to others
    private static final int PARALLEL_REWRITES = 64;

    private final AllocationRepository allocations;
    private final DnsZone dns;
    private final EdgeRoutes edge;
    private final Timeline timeline;
    private final HostAddress address;
    private final KeyedQueue<OrganizationId> turns = new KeyedQueue<>(TURNS_PER_ORGANIZATION, TURNS);

    Names(
            AllocationRepository allocations,
            DnsZone dns,
            EdgeRoutes edge,
            Timeline timeline,
            @ConfigProperty(name = "ganymede.dns.host-address") String address) {
        this.allocations = allocations;
        this.dns = dns;
        this.edge = edge;
        this.timeline = timeline;
        this.address = new HostAddress(address);
        dns.onDoubt(this::rewrite);
    }

    /** What every record points at. */
    HostAddress address() {
        return address;
    }

    /** Publishes DNS and route side by side; ends when both are live, fails when one could not be written. */
    Uni<Void> publish(Allocation allocation) {
        return turns.run(allocation.organization(), () -> publishBoth(allocation)
                .chain(() -> confirm(allocation.organization(), Optional.of(allocation.id()), LOOKS)));
    }

    /**
     * For an organization that lost its gateway, whose names still stand: ends when the route leads to the new gateway, fails when that could not be written.
     * The records point where they should; they are written again behind, whatever comes of it.
     */
    Uni<Void> move(Allocation allocation) {
        OrganizationId organization = allocation.organization();
        return turns.run(organization, () -> publishRoute(allocation)
                        .chain(() -> confirm(organization, Optional.of(allocation.id()), LOOKS)))
                .invoke(() -> repair(new NamesAction.PublishRecords(organization, "it moved"))
                        .subscribe()
                        .with(
                                done -> {},
                                failure -> LOG.warnf(
                                        "records of organization %s, which moved, not written yet: %s",
                                        organization, failure)));
    }

    /** Withdraws DNS and route unless the organization is live again, or waits for another gateway, by now. */
    Uni<Void> withdraw(Allocation ended) {
        return withdraw(ended.organization(), step -> timeline.timed(ended, Stage.WITHDRAWN, step));
    }

    /** Likewise, when there is no allocation to tell it of. */
    Uni<Void> withdraw(OrganizationId organization) {
        return withdraw(organization, step -> step);
    }

    private Uni<Void> withdraw(OrganizationId organization, UnaryOperator<Uni<Void>> told) {
        return turns.run(organization, () -> allocations
                .standing(organization)
                .chain(standing -> standing.idle()
                        ? told.apply(withdrawBoth(organization))
                                .chain(() -> confirm(organization, Optional.empty(), LOOKS))
                        : nothing()));
    }

    /** What got no answer may be made after what followed it; how the names should stand, only the database knows. */
    private void rewrite(Set<OrganizationId> doubtful) {
        Multi.createFrom()
                .iterable(doubtful)
                .onItem()
                .transformToUni(organization -> repair(
                                new NamesAction.RewriteRecords(organization, "a change of them got no answer"))
                        .onFailure()
                        .invoke(failure ->
                                LOG.warnf("records of organization %s are still in doubt: %s", organization, failure))
                        .onFailure()
                        .recoverWithNull())
                .merge(PARALLEL_REWRITES)
                .subscribe()
                .with(done -> {});
    }

    /** Carries out one repair, unless the database says by now that it is none. */
    Uni<Void> repair(NamesAction action) {
        OrganizationId organization = action.organization();
        return turns.run(
                organization, () -> allocations.standing(organization).chain(standing -> effect(action, standing)
                        .map(effect -> effect.chain(
                                () -> confirm(organization, standing.live().map(Allocation::id), LOOKS)))
                        .orElseGet(Names::nothing)));
    }

    private Optional<Uni<Void>> effect(NamesAction action, Standing standing) {
        OrganizationId organization = action.organization();
        if (action instanceof NamesAction.PublishRecords) {
            return standing.live().map(live -> dns.publish(organization, address));
        }
        if (action instanceof NamesAction.RewriteRecords) {
            return Optional.of(standing.idle() ? dns.withdraw(organization) : dns.publish(organization, address));
        }
        if (action instanceof NamesAction.PublishRoute) {
            return standing.live().map(this::publishRoute);
        }
        if (!standing.idle()) {
            return Optional.empty();
        }
        return Optional.of(
                action instanceof NamesAction.WithdrawRecords
                        ? dns.withdraw(organization)
                        : edge.withdraw(organization));
    }

    /** Another process may have started or stopped the organization meanwhile: what was left behind here has to be right for how it stands now. */
    private Uni<Void> confirm(OrganizationId organization, Optional<AllocationId> published, int looks) {
        return allocations.standing(organization).chain(standing -> {
            Optional<AllocationId> live = standing.live().map(Allocation::id);
            boolean right = standing.live().isEmpty() && standing.queued() || live.equals(published);
            if (right || looks == 0) {
                return nothing();
            }
            LOG.infof("organization %s was started or stopped elsewhere meanwhile, names follow", organization);
            return standing.live()
                    .map(this::publishBoth)
                    .orElseGet(() -> withdrawBoth(organization))
                    .chain(() -> confirm(organization, live, looks - 1));
        });
    }

    private Uni<Void> publishBoth(Allocation allocation) {
        return Uni.join()
                .all(dns.publish(allocation.organization(), address), publishRoute(allocation))
                .andCollectFailures()
                .replaceWithVoid();
    }

    private Uni<Void> publishRoute(Allocation allocation) {
        return allocation
                .endpoint()
                .map(gateway -> edge.publish(new Route(allocation.organization(), gateway, allocation.generation())))
                .orElseGet(() -> Uni.createFrom()
                        .failure(new IllegalStateException("allocation " + allocation.id() + " has no endpoint")));
    }

    private Uni<Void> withdrawBoth(OrganizationId organization) {
        return Uni.join()
                .all(dns.withdraw(organization), edge.withdraw(organization))
                .andCollectFailures()
                .replaceWithVoid();
    }

    private static Uni<Void> nothing() {
        return Uni.createFrom().voidItem();
    }
}
