package dev.ganymede.allocation;

import dev.ganymede.access.BearerToken;
import dev.ganymede.container.ContainerId;
import dev.ganymede.container.ContainerRuntime;
import dev.ganymede.gateway.Allocation;
import dev.ganymede.gateway.AllocationRepository;
import dev.ganymede.gateway.AllocationState;
import dev.ganymede.gateway.EndReason;
import dev.ganymede.gateway.GatewayRepository;
import dev.ganymede.gateway.PoolChanged;
import dev.ganymede.gateway.RevivalRepository;
import dev.ganymede.id.GatewayId;
import dev.ganymede.id.OrganizationId;
import dev.ganymede.problem.Problem;
import dev.ganymede.problem.ProblemType;
import dev.ganymede.secret.SecretHash;
import dev.ganymede.timeline.Stage;
import dev.ganymede.timeline.Timeline;
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
    private final RevivalRepository revivals;
    private final GatewayRepository gateways;
    private final ContainerRuntime containers;
    private final Withdrawal withdrawal;
    private final AllocationConfig config;
    private final Timeline timeline;
    private final Event<PoolChanged> poolChanged;

    Stop(
            AllocationRepository allocations,
            RevivalRepository revivals,
            GatewayRepository gateways,
            ContainerRuntime containers,
            Withdrawal withdrawal,
            AllocationConfig config,
            Timeline timeline,
            Event<PoolChanged> poolChanged) {
        this.allocations = allocations;
        this.revivals = revivals;
        this.gateways = gateways;
        this.containers = containers;
        this.withdrawal = withdrawal;
        this.config = config;
        this.timeline = timeline;
        this.poolChanged = poolChanged;
    }

    /** The gateway leaves, for a reason that it knows. Idempotent: the token of an ended allocation still gets the same answer. */
    Uni<Allocation> byGateway(
            SecretHash gatewayToken, GatewayId gateway, OrganizationId organization, EndReason reason) {
        return allocations.endOwn(gatewayToken, gateway, organization, reason).chain(ended -> ended.map(this::withdraw)
                .orElseGet(() -> again(gatewayToken, gateway, organization, reason)));
    }

    /** It has ended already, or the token does not say that it may. */
    private Uni<Allocation> again(
            SecretHash gatewayToken, GatewayId gateway, OrganizationId organization, EndReason reason) {
        return allocations
                .findByGatewayToken(gatewayToken)
                .map(found -> found.orElseThrow(BearerToken::refused))
                .invoke(allocation -> requireOwn(allocation, gateway, organization))
                .chain(allocation -> allocation.live() ? end(allocation, reason) : same(allocation));
    }

    /**
     * An operator stops it: the gateway is asked to push and leave; when its grace is over it is ended in any case. From the first moment on it is not to be
     * served again, whatever becomes of its gateway.
     */
    Uni<Optional<Allocation>> byOperator(OrganizationId organization) {
        return revivals.cancel(organization).chain(waited -> allocations
                .findLive(organization)
                .chain(live -> live.isPresent()
                        ? askToLeave(live.get(), EndReason.STOPPED_BY_OPERATOR).map(Optional::of)
                        : (waited ? leaveQueue(organization) : nothing()).replaceWith(Optional.empty())));
    }

    /** It gave no sign of life: asked to leave all the same, since it may only be cut off. */
    Uni<Allocation> bySilence(Allocation silent) {
        return askToLeave(silent, EndReason.SILENT);
    }

    /** What an operator's stop, cut in the middle, has left to do. */
    Uni<Allocation> finish(Allocation asked) {
        return askToLeave(asked, EndReason.STOPPED_BY_OPERATOR);
    }

    private Uni<Allocation> askToLeave(Allocation allocation, EndReason reason) {
        TenancyLog.info(allocation, "asking the gateway to leave (" + reason + ")");
        return gateways.find(allocation.gateway())
                .chain(gateway -> gateway.flatMap(found -> found.containerId())
                        .map(container -> containers.stop(new ContainerId(container), config.stopGrace()))
                        .orElseGet(Stop::nothing))
                .onFailure()
                .invoke(failure -> LOG.warnf(failure, "container of gateway %s not stopped", allocation.gateway()))
                .onFailure()
                .recoverWithNull()
                .chain(() -> end(allocation, reason));
    }

    private Uni<Void> leaveQueue(OrganizationId organization) {
        timeline.noted(organization, Stage.ENDED, "an operator stopped it while it waited for a gateway");
        return withdrawal.of(organization);
    }

    private Uni<Allocation> end(Allocation allocation, EndReason reason) {
        return allocations.end(allocation.id(), reason).chain(ended -> ended.map(this::withdraw)
                // it ended meanwhile, by its own call
                .orElseGet(() -> allocations.find(allocation.id()).map(Optional::orElseThrow)));
    }

    private Uni<Allocation> withdraw(Allocation ended) {
        TenancyLog.info(ended, "ended");
        tell(ended);
        return withdrawal
                .after(ended)
                .invoke(() -> poolChanged.fire(new PoolChanged("allocation ended")))
                .replaceWith(ended);
    }

    private void tell(Allocation allocation) {
        if (allocation.state() instanceof AllocationState.Ended ended
                && !ended.reason().orderly()) {
            timeline.failed(allocation, Stage.ENDED, ended.reason().name());
        } else {
            timeline.reached(allocation, Stage.ENDED);
        }
    }

    private static Uni<Allocation> same(Allocation allocation) {
        return Uni.createFrom().item(allocation);
    }

    private static Uni<Void> nothing() {
        return Uni.createFrom().voidItem();
    }

    private static void requireOwn(Allocation allocation, GatewayId gateway, OrganizationId organization) {
        if (!allocation.gateway().equals(gateway) || !allocation.organization().equals(organization)) {
            throw Problem.of(ProblemType.FORBIDDEN, "The token belongs to another gateway or organization.");
        }
    }
}
