package dev.ganymede.allocation;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Settings of starts and stops. */
@ConfigMapping(prefix = "ganymede.allocation")
public interface AllocationConfig {

    /** A start is answered within this time, whatever happens. */
    @WithDefault("10S")
    Duration startBudget();

    /** One gateway's time for its handshake; short enough that another one can be tried inside the budget. */
    @WithDefault("5S")
    Duration handshakeTimeout();

    /** Gateways that one start may use up: an organization that no gateway can load must not empty the pool. */
    @WithDefault("3")
    int maxAttempts();

    /** Starts of different organizations that one process has under way; beyond it, 429. */
    @WithDefault("512")
    int maxStarts();

    /** Time for the proof through the edge, after the handshake. */
    @WithDefault("3S")
    Duration proofTimeout();

    /** Pause between two looks at a start that another process is doing, or between two proofs. */
    @WithDefault("25MS")
    Duration pollInterval();

    /** What a caller is told to wait when no gateway is ready. */
    @WithDefault("5S")
    Duration retryAfter();

    /** A gateway's time to push and leave when an operator stops it. */
    @WithDefault("30S")
    Duration stopGrace();

    /** Longest time that a serving gateway may give no sign of life: no push, no ping, no client's traffic. */
    @WithDefault("10M")
    Duration silenceTimeout();

    /** After that, the time in which it can be heard again: Ganymede itself may have been away. More than two pings. */
    @WithDefault("3M")
    Duration silenceGrace();

    /** Time for withdrawing names before a stop is answered; what is left, the reconciler does. */
    @WithDefault("5S")
    Duration withdrawTimeout();
}
