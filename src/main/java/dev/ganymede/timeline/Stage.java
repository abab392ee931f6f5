package dev.ganymede.timeline;

/** The stages of a tenancy, and what may happen to an organization without one. */
public enum Stage {
    /** A gateway was taken from the pool. */
    ALLOCATED,
    /** DNS and the route are live. */
    PUBLISHED,
    /** The gateway has loaded the organization. */
    HANDED_OVER,
    /** The gateway redeemed its token. */
    REDEEMED,
    /** One request through the edge reached it. */
    PROVEN,
    SERVING,
    ENDED,
    /** DNS and the route are gone. */
    WITHDRAWN,
    /** It lost its gateway and waits for another one. */
    QUEUED,
    /** A start was refused before a gateway was taken. */
    REFUSED,
    /** Stored data was found not to be what was stored. */
    DATA_DAMAGED,
    /** An earlier version of its data is the newest again. */
    RESTORED
}
