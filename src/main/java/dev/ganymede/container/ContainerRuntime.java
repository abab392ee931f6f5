package dev.ganymede.container;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.Optional;

/**
 * Makes, lists and removes the containers that gateways live in (DESIGN §3 "Stop", §5, invariant 7).
 *
 * <p>Everything touches only containers that carry this environment's label. All calls are bounded in time by the adapter and
 * fail with {@link ContainerRuntimeException} when the engine can't be reached, is too slow or refuses; expected outcomes are results. Safe for concurrent
 * use; a call returns to the Vert.x context that it was made on.
 */
public interface ContainerRuntime {

    /** What runs: our containers, and which names are taken by others on the same engine. */
    Uni<ContainerInventory> inventory();

    /**
     * Creates and starts one container. Not idempotent by itself: the name is the guard, a second call with the same name ends in
     * {@link CreateResult.NameTaken}. A container that was created but could not be started is removed again.
     */
    Uni<CreateResult> create(ContainerSpec spec);

    /** Asks the container to end (SIGTERM), kills it after {@code grace}. Ended or missing: nothing happens. */
    Uni<Void> stop(ContainerId container, Duration grace);

    /** Removes the container, running or not. Missing: nothing happens. Never touches a container without our label. */
    Uni<Void> remove(ContainerId container);

    /** Gives one of our containers its name back. Another one has that name: fails with {@link ContainerRuntimeException}. */
    Uni<Void> rename(ContainerId container, String name);

    /**
     * Events about our containers, from now on and without end: a lost connection is made again, and every (re)connection begins with {@link
     * ContainerEvent.Resync}. An event may come twice. Each subscription has a connection of its own; cancelling closes it.
     */
    Multi<ContainerEvent> events();

    /** The engine's id of the image of this name (or id); empty when it has none. */
    Uni<Optional<String>> image(String reference);

    /** Address of the engine's node, where published ports are reached from Ganymede and the edge. */
    String nodeAddress();

    /** Cheap round trip to the engine, for health checks. */
    Uni<Void> ping();
}
