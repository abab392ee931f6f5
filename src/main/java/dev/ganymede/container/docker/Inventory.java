package dev.ganymede.container.docker;

import com.github.dockerjava.api.model.Container;
import dev.ganymede.container.ContainerId;
import dev.ganymede.container.ContainerInventory;
import dev.ganymede.container.ObservedContainer;
import dev.ganymede.container.ObservedContainer.Status;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads one listing of the engine: which containers are ours, which names are others'. */
final class Inventory {

    private Inventory() {}

    static ContainerInventory of(List<Container> listing, Labels labels) {
        List<ObservedContainer> owned = new ArrayList<>();
        Set<String> foreignNames = new HashSet<>();
        for (Container container : listing) {
            if (labels.areOurs(container.getLabels())) {
                owned.add(observed(container));
            } else {
                names(container).forEach(foreignNames::add);
            }
        }
        return new ContainerInventory(owned, foreignNames);
    }

    private static ObservedContainer observed(Container container) {
        Map<String, String> labels = container.getLabels();
        return new ObservedContainer(
                new ContainerId(container.getId()),
                // a container that is being removed may have lost its name
                names(container).stream().findFirst().orElse(""),
                Labels.gateway(labels),
                Labels.life(labels),
                status(container.getState()));
    }

    /** Docker writes {@code /name}, and {@code /other/alias} for what a link calls it. */
    private static List<String> names(Container container) {
        if (container.getNames() == null) {
            return List.of();
        }
        return List.of(container.getNames()).stream()
                .map(name -> name.startsWith("/") ? name.substring(1) : name)
                .filter(name -> !name.contains("/"))
                .toList();
    }

    private static Status status(String state) {
        return switch (state == null ? "" : state) {
            case "created" -> Status.CREATED;
            case "running", "paused", "restarting" -> Status.RUNNING;
            default -> Status.ENDED;
        };
    }
}
