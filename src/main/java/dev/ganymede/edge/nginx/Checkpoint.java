package dev.ganymede.edge.nginx;

/** Called between the steps of a change; does nothing in production. Tests stop the writer there, as {@code kill -9} would. */
@FunctionalInterface
interface Checkpoint {

    Checkpoint NONE = step -> {};

    void after(String step);
}
