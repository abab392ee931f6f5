package dev.ganymede.allocation;

import dev.ganymede.gateway.AllocationRepository;
import dev.ganymede.id.OrganizationId;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;

/** Deletes an organization, and with it its place in the queue and the names that it kept for that. */
@ApplicationScoped
class Deletion {

    private final AllocationRepository allocations;
    private final Withdrawal withdrawal;

    Deletion(AllocationRepository allocations, Withdrawal withdrawal) {
        this.allocations = allocations;
        this.withdrawal = withdrawal;
    }

    /** False, and nothing has changed, when a gateway serves it. */
    Uni<Boolean> of(OrganizationId organization) {
        return allocations.standing(organization).chain(before -> allocations
                .deleteIdleOrganization(organization)
                .call(deleted -> deleted && before.queued()
                        ? withdrawal.of(organization)
                        : Uni.createFrom().voidItem()));
    }
}
