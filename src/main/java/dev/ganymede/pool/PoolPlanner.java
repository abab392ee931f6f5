package dev.ganymede.pool;

import static dev.ganymede.gateway.GatewayState.Name.READY;
import static dev.ganymede.gateway.GatewayState.Name.STARTING;

import dev.ganymede.container.ContainerId;
import dev.ganymede.container.ObservedContainer;
import dev.ganymede.container.ObservedContainer.Status;
import dev.ganymede.gateway.Gateway;
import dev.ganymede.gateway.GatewayState;
import dev.ganymede.gateway.PoolMember;
import dev.ganymede.id.GatewayId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Decides what the pool needs: observation in, plan out; no clock, no effect. */
final class PoolPlanner {

    private final Duration readyTimeout;
    private final Supplier<GatewayId> newIds;

    PoolPlanner(Duration readyTimeout, Supplier<GatewayId> newIds) {
        this.readyTimeout = readyTimeout;
        this.newIds = newIds;
    }

    PoolPlan plan(PoolObservation seen) {
        Map<GatewayId, List<ObservedContainer>> containers = new HashMap<>();
        List<PoolAction> actions = new ArrayList<>(reapOrphans(seen, containers));
        int surplus = seen.gateways().size() + beingBorn(seen) - seen.desired();
        for (Gateway gateway : shrinkOrder(seen.gateways())) {
            if (seen.busy().contains(gateway.id())) {
                continue;
            }
            List<ObservedContainer> own = containers.getOrDefault(gateway.id(), List.of());
            Optional<PoolAction> action = decide(seen, gateway, own, surplus > 0);
            if (action.isPresent() && action.get() instanceof PoolAction.Retire) {
                surplus--;
            }
            action.ifPresent(actions::add);
        }
        grow(seen, -surplus, actions);
        return new PoolPlan(actions);
    }

    /** Members whose creation was under way when the look began, and whose row it did not see yet. */
    private static int beingBorn(PoolObservation seen) {
        Set<GatewayId> unseen = new HashSet<>(seen.busy());
        seen.gateways().forEach(gateway -> unseen.remove(gateway.id()));
        return unseen.size();
    }

    /** Sorts containers to their gateways; what belongs to none is reaped. */
    private static List<PoolAction> reapOrphans(
            PoolObservation seen, Map<GatewayId, List<ObservedContainer>> containers) {
        Set<GatewayId> members = new HashSet<>();
        seen.gateways().forEach(gateway -> members.add(gateway.id()));
        List<PoolAction> reaps = new ArrayList<>();
        for (ObservedContainer container : seen.inventory().owned()) {
            Optional<GatewayId> owner = container.gateway().filter(members::contains);
            if (owner.isPresent()) {
                containers
                        .computeIfAbsent(owner.get(), first -> new ArrayList<>())
                        .add(container);
            } else if (container.gateway().filter(seen.busy()::contains).isEmpty()) {
                reaps.add(new PoolAction.Reap(container.id(), container.name()));
            }
        }
        return reaps;
    }

    private Optional<PoolAction> decide(
            PoolObservation seen, Gateway gateway, List<ObservedContainer> own, boolean tooMany) {
        Optional<ObservedContainer> current = own.stream()
                .filter(container -> container.life().equals(Optional.of(gateway.life())))
                .findFirst();
        boolean running = current.filter(container -> container.status() == Status.RUNNING)
                .isPresent();
        GatewayState.Name state = gateway.state().name();
        if (running && gateway.host().isEmpty() && (state == READY || state == STARTING)) {
            // it called before its creation was recorded, and the record was lost
            return Optional.of(new PoolAction.Adopt(gateway, current.get()));
        }
        return switch (state) {
            case CREATING ->
                tooMany
                        ? Optional.of(retire(gateway, own))
                        : Optional.of(
                                running
                                        ? new PoolAction.Adopt(gateway, current.get())
                                        : replace(gateway, own, "its creation was not finished"));
            case STARTING -> starting(seen, gateway, own, running);
            case READY ->
                !running
                        ? Optional.of(replace(gateway, own, "its container is gone"))
                        : tooMany ? Optional.of(retire(gateway, own)) : strays(gateway, own, current);
            case ALLOCATED ->
                running ? strays(gateway, own, current) : Optional.of(replace(gateway, own, "its container is gone"));
            case UNHEALTHY, REMOVING ->
                Optional.of(
                        tooMany
                                ? retire(gateway, own)
                                : replace(gateway, own, gateway.reason().orElse(state.name())));
        };
    }

    private Optional<PoolAction> starting(
            PoolObservation seen, Gateway gateway, List<ObservedContainer> own, boolean running) {
        if (!running) {
            return Optional.of(replace(gateway, own, "its container is gone"));
        }
        boolean late = !seen.now().isBefore(gateway.state().since().plus(readyTimeout));
        return late ? Optional.of(replace(gateway, own, "it never became ready")) : Optional.empty();
    }

    /** Containers of earlier lives that stayed behind. */
    private static Optional<PoolAction> strays(
            Gateway gateway, List<ObservedContainer> own, Optional<ObservedContainer> current) {
        return own.stream()
                .filter(container -> !Optional.of(container).equals(current))
                .findFirst()
                .map(stray -> new PoolAction.Reap(stray.id(), stray.name()));
    }

    private void grow(PoolObservation seen, int missing, List<PoolAction> actions) {
        Set<String> taken = new HashSet<>(seen.inventory().foreignNames());
        seen.gateways().forEach(gateway -> taken.add(gateway.name()));
        int left = missing;
        for (int slot = 0; left > 0 && slot <= PoolMember.MAX_SLOT; slot++) {
            PoolMember member = PoolMember.ofSlot(slot);
            if (!taken.contains(member.name())) {
                actions.add(new PoolAction.Grow(newIds.get(), member));
                left--;
            }
        }
    }

    /** Who leaves first when there are too many: what is broken, then what is not up yet, then the highest number. */
    private static List<Gateway> shrinkOrder(List<Gateway> gateways) {
        return gateways.stream()
                .sorted(Comparator.comparing(
                                (Gateway gateway) -> switch (gateway.state().name()) {
                                    case UNHEALTHY, REMOVING -> 0;
                                    case CREATING -> 1;
                                    case STARTING, READY, ALLOCATED -> 2;
                                })
                        .thenComparing(gateway -> -gateway.member().slot()))
                .toList();
    }

    private static PoolAction replace(Gateway gateway, List<ObservedContainer> own, String reason) {
        return new PoolAction.Replace(gateway, ids(own), reason);
    }

    private static PoolAction retire(Gateway gateway, List<ObservedContainer> own) {
        return new PoolAction.Retire(gateway, ids(own));
    }

    private static List<ContainerId> ids(List<ObservedContainer> containers) {
        return containers.stream().map(ObservedContainer::id).toList();
    }
}
