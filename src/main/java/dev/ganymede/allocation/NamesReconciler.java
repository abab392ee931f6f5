package dev.ganymede.allocation;

import dev.ganymede.dns.DnsZone;
import dev.ganymede.dns.DnsZone.Published;
import dev.ganymede.edge.EdgeRoutes;
import dev.ganymede.gateway.AllocationRepository;
import dev.ganymede.gateway.Revival;
import dev.ganymede.gateway.RevivalRepository;
import dev.ganymede.id.OrganizationId;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/** Makes DNS and the edge agree with the live allocations, whatever happened to them; one repair that fails does not keep the others from being done. */
@ApplicationScoped
class NamesReconciler {

    private static final Logger LOG = Logger.getLogger(NamesReconciler.class);

    // many share one change of the zone and one reload
    private static final int PARALLEL_REPAIRS = 256;

    private final Names names;
    private final AllocationRepository allocations;
    private final RevivalRepository revivals;
    private final DnsZone dns;
    private final EdgeRoutes edge;

    NamesReconciler(
            Names names, AllocationRepository allocations, RevivalRepository revivals, DnsZone dns, EdgeRoutes edge) {
        this.names = names;
        this.allocations = allocations;
        this.revivals = revivals;
        this.dns = dns;
        this.edge = edge;
    }

    /** One look and its repairs. */
    Uni<Void> run() {
        // what is published is read first: an allocation that is made meanwhile is seen in the database, and left alone
        return Uni.combine()
                .all()
                .unis(readable("DNS", zone()), readable("the edge", edge.published()))
                .asTuple()
                .chain(published -> allocations.allLive().chain(live -> revivals.all()
                        .map(queued -> new NamesObservation(
                                names.address(),
                                published.getItem1(),
                                published.getItem2(),
                                live,
                                queued.stream().map(Revival::organization).collect(Collectors.toSet())))))
                .map(NamesPlanner::plan)
                .chain(this::execute);
    }

    /** A zone without the environment's own names still has those of organizations. */
    private Uni<Map<OrganizationId, Published>> zone() {
        return dns.ensure()
                .onFailure()
                .invoke(failure -> LOG.warnf("the zone is not in order yet: %s", failure))
                .onFailure()
                .recoverWithUni(() -> dns.published());
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

    private Uni<Void> execute(NamesPlan plan) {
        List<NamesAction> actions = plan.actions();
        if (actions.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        LOG.infof("names differ from the live allocations, %d repairs, the first: %s", actions.size(), actions.get(0));
        return Multi.createFrom()
                .iterable(actions)
                .onItem()
                .transformToUni(this::repair)
                .merge(PARALLEL_REPAIRS)
                .collect()
                .last()
                .replaceWithVoid();
    }

    private Uni<Boolean> repair(NamesAction action) {
        return names.repair(action)
                .replaceWith(true)
                .onFailure()
                .invoke(failure -> LOG.warnf("not repaired yet: %s: %s", action, failure))
                .onFailure()
                .recoverWithItem(false);
    }
}
