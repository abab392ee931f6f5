package dev.ganymede.snapshot;

import dev.ganymede.access.BearerToken;
import dev.ganymede.gateway.Allocation;
import dev.ganymede.gateway.AllocationRepository;
import dev.ganymede.problem.Problem;
import dev.ganymede.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;

/** Whether gateways' claims are good. */
@ApplicationScoped
class Claims {

    private final AllocationRepository allocations;

    Claims(AllocationRepository allocations) {
        this.allocations = allocations;
    }

    /** Fails when the claim is not good now. */
    Uni<Void> check(Claim claim) {
        return find(claim).invoke(Claims::requireLive).replaceWithVoid();
    }

    /** Says what is wrong with a claim that was found not good: unknown token, somebody else's data, or too late. */
    <T> Uni<T> refuse(Claim claim) {
        return find(claim).map(allocation -> {
            throw ended(allocation);
        });
    }

    private Uni<Allocation> find(Claim claim) {
        return allocations.findByGatewayToken(claim.gatewayToken()).map(known -> {
            Allocation allocation = known.orElseThrow(BearerToken::refused);
            if (!allocation.organization().equals(claim.organization())
                    || !allocation.gateway().equals(claim.gateway())) {
                throw Problem.of(ProblemType.FORBIDDEN, "The token belongs to another gateway or organization.");
            }
            return allocation;
        });
    }

    private static void requireLive(Allocation allocation) {
        if (!allocation.live()) {
            throw ended(allocation);
        }
    }

    private static Problem ended(Allocation allocation) {
        return Problem.of(
                ProblemType.STALE_GENERATION, "Generation " + allocation.generation() + " is not live any more.");
    }
}
