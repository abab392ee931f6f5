package dev.ganymede.allocation;

import jakarta.enterprise.context.ApplicationScoped;

/** Serves organizations that lost their gateway again, first come first, before every new start. */
@ApplicationScoped
public class Failover {

    /** The queue or the pool may have changed: look soon. Returns at once. */
    public void signal() {}
}
