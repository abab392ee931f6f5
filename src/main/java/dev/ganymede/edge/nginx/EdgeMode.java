package dev.ganymede.edge.nginx;

/** How a change of a route reaches nginx's workers. */
enum EdgeMode {
    /** {@link #LUA} where this nginx can, else {@link #RELOAD}. */
    AUTO,
    /** Told to the running workers. */
    LUA,
    /** Read by new workers. */
    RELOAD
}
