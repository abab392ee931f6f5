package dev.ganymede.container;

/** Outcome of {@link ContainerRuntime#create}. */
public sealed interface CreateResult {

    /**
     * The container runs.
     *
     * @param host address at which its published ports are reached from Ganymede and the edge
     */
    record Created(ContainerId container, String host) implements CreateResult {}

    /** Another container, ours or foreign, has this name. */
    record NameTaken(String name) implements CreateResult {}

    /** A port is in use on the node; nothing is left behind. */
    record PortTaken(String reason) implements CreateResult {}

    /** The engine refused: no image, no memory, bad settings. The reason is for operators. */
    record Refused(String reason) implements CreateResult {}
}
