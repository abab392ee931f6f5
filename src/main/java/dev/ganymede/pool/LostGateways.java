package dev.ganymede.pool;

import dev.ganymede.container.ContainerInventory;
import dev.ganymede.container.ContainerRuntime;
import dev.ganymede.container.ObservedContainer;
import dev.ganymede.gateway.AllocationRepository;
import dev.ganymede.gateway.EndReason;
import dev.ganymede.gateway.Gateway;
import dev.ganymede.gateway.GatewayRepository;
import dev.ganymede.gateway.GatewayState;
import dev.ganymede.gateway.PoolChanged;
import dev.ganymede.id.LifeId;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/** Gives up gateways that do not answer: their tenancy ends, or they leave the reserve. One that can't be given up now does not stop the others. */
@ApplicationScoped
class LostGateways {

    private static final Logger LOG = Logger.getLogger(LostGateways.class);

    private final AllocationRepository allocations;
    private final GatewayRepository gateways;
    private final ContainerRuntime containers;
    private final Clock clock;
    private final Event<PoolChanged> poolChanged;

    LostGateways(
            AllocationRepository allocations,
            GatewayRepository gateways,
            ContainerRuntime containers,
            Clock clock,
            Event<PoolChanged> poolChanged) {
        this.allocations = allocations;
        this.gateways = gateways;
        this.containers = containers;
        this.clock = clock;
        this.poolChanged = poolChanged;
    }

    Uni<Void> giveUp(List<Probe> lost) {
        return Multi.createFrom()
                .iterable(lost)
                .onItem()
                .transformToUniAndConcatenate(this::giveUp)
                .collect()
                .last()
                .replaceWithVoid();
    }

    /** Most gateways are silent: the engine says which ones really are not there. When it does not know either, none is given up. */
    Uni<Void> giveUpUnlessRunning(List<Probe> doubtful) {
        if (doubtful.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        LOG.warnf(
                "most gateways do not answer, %d of them repeatedly: before more time has passed only those are given up"
                        + " whose containers do not run",
                doubtful.size());
        return containers
                .inventory()
                .map(LostGateways::running)
                .map(running -> doubtful.stream()
                        .filter(probe ->
                                !running.contains(probe.living().gateway().life()))
                        .toList())
                .onFailure()
                .invoke(failure -> LOG.warnf("containers could not be listed: %s", failure))
                .onFailure()
                .recoverWithItem(List.of())
                .chain(this::giveUp);
    }

    private static Set<LifeId> running(ContainerInventory inventory) {
        return inventory.owned().stream()
                .filter(container -> container.status() == ObservedContainer.Status.RUNNING)
                .map(ObservedContainer::life)
                .flatMap(Optional::stream)
                .collect(Collectors.toUnmodifiableSet());
    }

    private Uni<Void> giveUp(Probe probe) {
        Gateway gateway = probe.living().gateway();
        String reason = probe.miss().orElseThrow();
        return release(probe, gateway, reason)
                .invoke(released -> {
                    if (released) {
                        LOG.warnf("gateway %s does not answer any more: %s", gateway.name(), reason);
                        poolChanged.fire(new PoolChanged("a gateway does not answer"));
                    }
                })
                .onFailure()
                .invoke(failure -> LOG.warnf("gateway %s could not be given up: %s", gateway.name(), failure))
                .onFailure()
                .recoverWithItem(false)
                .replaceWithVoid();
    }

    /** False when it has moved on meanwhile. */
    private Uni<Boolean> release(Probe probe, Gateway gateway, String reason) {
        if (gateway.state() instanceof GatewayState.Ready ready) {
            return gateways.move(gateway, ready.unhealthy(clock.instant()), reason);
        }
        return allocations
                .end(probe.living().allocation().orElseThrow(), EndReason.GATEWAY_LOST)
                .map(Optional::isPresent);
    }
}
