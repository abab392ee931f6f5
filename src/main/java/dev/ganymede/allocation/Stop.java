package dev.ganymede.allocation;

import dev.ganymede.access.BearerToken;
import dev.ganymede.container.ContainerId;
import dev.ganymede.container.ContainerRuntime;
import dev.ganymede.gateway.Allocation;
import dev.ganymede.gateway.AllocationRepository;
import dev.ganymede.gateway.EndReason;
import dev.ganymede.gateway.GatewayRepository;
import dev.ganymede.gateway.PoolChanged;
import dev.ganymede.id.GatewayId;
import dev.ganymede.id.OrganizationId;
import dev.ganymede.problem.Problem;
import dev.ganymede.problem.ProblemType;
import dev.ganymede.secret.SecretHash;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Ends an organization's tenancy (DESIGN §3 "Stop"): the allocation ends in the database, and its tokens with it; then the names go; the container is replaced
 * by the pool, off this path.
 *
 * <p>The database is first and alone decides: when the names can't be withdrawn now, the reconciler does it.
 */
@ApplicationScoped
class Stop {

    private static final Logger LOG = Logger.getLogger(Stop.class);

    private final AllocationRepository allocations;
    private final GatewayRepository gateways;
    private final ContainerRuntime containers;
    private final Names names;
    private final AllocationConfig config;
    private final Event<PoolChanged> poolChanged;

    Stop(
            AllocationRepository allocations,
            GatewayRepository gateways,
            ContainerRuntime containers,
            Names names,
            AllocationConfig config,
            Event<PoolChanged> poolChanged) {
        this.allocations = allocations;
        this.gateways = gateways;
        this.containers = containers;
        this.names = names;
        this.config = config;
        this.poolChanged = poolChanged;
    }

    /** The gateway leaves by itself. Idempotent: the token of an ended allocation still gets the same answer. */
    Uni<Allocation> byGateway(SecretHash gatewayToken, GatewayId gateway, OrganizationId organization) {
        return allocations
                .findByGatewayToken(gatewayToken)
                .map(found -> found.orElseThrow(BearerToken::refused))
                .invoke(allocation -> requireOwn(allocation, gateway, organization))
                .chain(allocation ->
                        allocation.live() ? end(allocation, EndReason.STOPPED_BY_GATEWAY) : same(allocation));
    }

    /** An operator stops it: the gateway is asked to push and leave; when its grace is over it is ended in any case. */
    Uni<Optional<Allocation>> byOperator(OrganizationId organization) {
        return allocations.findLive(organization).chain(live -> live.map(allocation -> askToLeave(allocation)
                        .chain(() -> end(allocation, EndReason.STOPPED_BY_OPERATOR))
                        .map(Optional::of))
                .orElseGet(() -> Uni.createFrom().item(Optional.empty())));
    }

    private Uni<Void> askToLeave(Allocation allocation) {
        TenancyLog.info(allocation, "an operator stops it, asking the gateway to leave");
        return allocations
                .stopping(allocation.id())
                .chain(() -> gateways.find(allocation.gateway()))
                .chain(gateway -> gateway.flatMap(found -> found.containerId())
                        .map(container -> containers.stop(new ContainerId(container), config.stopGrace()))
                        .orElseGet(() -> Uni.createFrom().voidItem()))
                .onFailure()
                .invoke(failure -> LOG.warnf(failure, "container of gateway %s not stopped", allocation.gateway()))
                .onFailure()
                .recoverWithNull();
    }

    private Uni<Allocation> end(Allocation allocation, EndReason reason) {
        return allocations.end(allocation.id(), reason).chain(ended -> ended.map(this::withdraw)
                // it ended meanwhile, by its own call
                .orElseGet(() -> allocations.find(allocation.id()).map(Optional::orElseThrow)));
    }

    private Uni<Allocation> withdraw(Allocation ended) {
        TenancyLog.info(ended, "ended");
        return names.withdraw(ended.organization())
                .ifNoItem()
                .after(config.withdrawTimeout())
                .fail()
                .onFailure()
                .invoke(failure ->
                        LOG.warnf(failure, "names of organization %s not withdrawn yet", ended.organization()))
                .onFailure()
                .recoverWithNull()
                .invoke(() -> poolChanged.fire(new PoolChanged("allocation ended")))
                .replaceWith(ended);
    }

    private static Uni<Allocation> same(Allocation allocation) {
        return Uni.createFrom().item(allocation);
    }

    private static void requireOwn(Allocation allocation, GatewayId gateway, OrganizationId organization) {
        if (!allocation.gateway().equals(gateway) || !allocation.organization().equals(organization)) {
            throw Problem.of(ProblemType.FORBIDDEN, "The token belongs to another gateway or organization.");
        }
    }
}
