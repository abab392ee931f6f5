package dev.ganymede.container;

import java.util.List;
import java.util.Set;

/**
 * What one listing of an engine showed.
 *
 * @param owned containers that carry this environment's label, running or not
 * @param foreignNames names on the same engine that are not ours and that we must not take
 */
public record ContainerInventory(List<ObservedContainer> owned, Set<String> foreignNames) {

    public ContainerInventory {
        owned = List.copyOf(owned);
        foreignNames = Set.copyOf(foreignNames);
    }
}
