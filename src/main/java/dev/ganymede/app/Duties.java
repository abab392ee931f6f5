package dev.ganymede.app;

/** What only the leader does. Called one at a time, never blocking. */
interface Duties {

    /** This process leads. */
    void begin();

    /** It does not any more: nothing new is begun. */
    void end();

    /** Another process has changed something, or somebody did by hand. */
    void signalled();
}
