package dev.ganymede.container;

import dev.ganymede.id.GatewayId;
import dev.ganymede.id.LifeId;
import java.util.Optional;

/**
 * One of our containers as its engine shows it.
 *
 * @param gateway from its label; empty when the label was damaged
 * @param life from its label; empty when the label was damaged
 */
public record ObservedContainer(
        ContainerId id, String name, Optional<GatewayId> gateway, Optional<LifeId> life, Status status) {

    /** What matters of the engine's own states. */
    public enum Status {
        /** Made, not started (a creation that was cut in the middle). */
        CREATED,
        RUNNING,
        /** Exited, dead, or being removed. */
        ENDED
    }
}
