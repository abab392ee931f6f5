package dev.ganymede.gateway;

import java.util.Optional;

/**
 * How an organization stands at one moment: what its names depend on.
 *
 * @param live its live allocation
 * @param queued it lost its gateway and waits for another one
 */
public record Standing(Optional<Allocation> live, boolean queued) {

    /** Neither served nor about to be: its names have no meaning. */
    public boolean idle() {
        return live.isEmpty() && !queued;
    }
}
