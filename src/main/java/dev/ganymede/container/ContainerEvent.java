package dev.ganymede.container;

import dev.ganymede.id.GatewayId;
import dev.ganymede.id.LifeId;
import java.util.Optional;

/** What an engine tells of our containers while it happens. */
public sealed interface ContainerEvent {

    /** A container has ended, by itself or killed; gateway and life are empty when its labels are damaged. */
    record Ended(ContainerId container, Optional<GatewayId> gateway, Optional<LifeId> life) implements ContainerEvent {}

    /** Something else about one of ours: started, removed, renamed, paused. */
    record Changed(ContainerId container, String what) implements ContainerEvent {}

    /** Events may have been missed until now: list anew. */
    record Resync() implements ContainerEvent {}
}
