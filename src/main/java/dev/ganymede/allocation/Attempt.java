package dev.ganymede.allocation;

import dev.ganymede.gateway.Allocation;
import dev.ganymede.id.OrganizationId;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** One start: for whom, until when, the allocation it has in hand, and the gateways it has used. Thread-safe. */
final class Attempt {

    private final OrganizationId organization;
    private final Instant deadline;
    private final Asked asked;
    private final AtomicReference<Allocation> inHand = new AtomicReference<>();
    private final AtomicInteger gatewaysTaken = new AtomicInteger();

    /** Who wants it. */
    enum Asked {
        BY_CALLER,
        /** Only while the organization waits in the queue. */
        BY_QUEUE
    }

    Attempt(OrganizationId organization, Instant deadline, Asked asked) {
        this.organization = organization;
        this.deadline = deadline;
        this.asked = asked;
    }

    void takes(Allocation allocation) {
        inHand.set(allocation);
        gatewaysTaken.incrementAndGet();
    }

    OrganizationId organization() {
        return organization;
    }

    Instant deadline() {
        return deadline;
    }

    boolean byQueue() {
        return asked == Asked.BY_QUEUE;
    }

    /** The latest one. */
    Optional<Allocation> inHand() {
        return Optional.ofNullable(inHand.get());
    }

    int gatewaysTaken() {
        return gatewaysTaken.get();
    }
}
