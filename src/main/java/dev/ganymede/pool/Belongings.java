package dev.ganymede.pool;

import dev.ganymede.container.ContainerId;
import dev.ganymede.container.ObservedContainer;
import dev.ganymede.container.ObservedContainer.Status;
import dev.ganymede.gateway.Gateway;
import dev.ganymede.id.GatewayId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Whose containers are whose.
 *
 * @param orphans ours, but of no member and of none that is being made
 */
record Belongings(Map<GatewayId, List<ObservedContainer>> byMember, List<ObservedContainer> orphans) {

    static Belongings of(PoolObservation seen) {
        Set<GatewayId> members = new HashSet<>();
        seen.gateways().forEach(gateway -> members.add(gateway.id()));
        Map<GatewayId, List<ObservedContainer>> byMember = new HashMap<>();
        List<ObservedContainer> orphans = new ArrayList<>();
        for (ObservedContainer container : seen.inventory().owned()) {
            Optional<GatewayId> owner = container.gateway();
            if (owner.filter(members::contains).isPresent()) {
                byMember.computeIfAbsent(owner.get(), first -> new ArrayList<>())
                        .add(container);
            } else if (owner.filter(seen::busy).isEmpty()) {
                orphans.add(container);
            }
        }
        return new Belongings(byMember, orphans);
    }

    /** All containers of the member, of whatever life. */
    List<ContainerId> all(Gateway gateway) {
        return of(gateway).stream().map(ObservedContainer::id).toList();
    }

    /** The container of the life that the row speaks of, if it runs. */
    Optional<ObservedContainer> running(Gateway gateway) {
        return of(gateway).stream()
                .filter(container -> ofThisLife(container, gateway) && container.status() == Status.RUNNING)
                .findFirst();
    }

    /** One of an earlier life that stayed behind. */
    Optional<ObservedContainer> stray(Gateway gateway) {
        return of(gateway).stream()
                .filter(container -> !ofThisLife(container, gateway))
                .findFirst();
    }

    private List<ObservedContainer> of(Gateway gateway) {
        return byMember.getOrDefault(gateway.id(), List.of());
    }

    private static boolean ofThisLife(ObservedContainer container, Gateway gateway) {
        return container.life().equals(Optional.of(gateway.life()));
    }
}
