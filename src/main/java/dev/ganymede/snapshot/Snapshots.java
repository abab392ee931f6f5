package dev.ganymede.snapshot;

import dev.ganymede.access.BearerToken;
import dev.ganymede.gateway.Allocation;
import dev.ganymede.gateway.AllocationRepository;
import dev.ganymede.id.GatewayId;
import dev.ganymede.id.OrganizationId;
import dev.ganymede.problem.Problem;
import dev.ganymede.problem.ProblemType;
import dev.ganymede.secret.SecretHash;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;

/** Push. An answered push is on disk; a refused one has changed nothing. */
@ApplicationScoped
class Snapshots {

    private final SnapshotRepository snapshots;
    private final AllocationRepository allocations;

    Snapshots(SnapshotRepository snapshots, AllocationRepository allocations) {
        this.snapshots = snapshots;
        this.allocations = allocations;
    }

    /** When it was stored. */
    Uni<Instant> push(SecretHash gatewayToken, PushBody body) {
        return snapshots.push(gatewayToken, body).chain(stored -> stored.map(Uni.createFrom()::item)
                .orElseGet(() -> refuse(gatewayToken, body.organization(), body.gateway())));
    }

    /** Says which of the three it is: unknown token, somebody else's data, or too late. */
    private <T> Uni<T> refuse(SecretHash gatewayToken, OrganizationId organization, GatewayId gateway) {
        return allocations.findByGatewayToken(gatewayToken).map(known -> {
            Allocation allocation = known.orElseThrow(BearerToken::refused);
            if (!allocation.organization().equals(organization)
                    || !allocation.gateway().equals(gateway)) {
                throw Problem.of(ProblemType.FORBIDDEN, "The token belongs to another gateway or organization.");
            }
            throw Problem.of(
                    ProblemType.STALE_GENERATION, "Generation " + allocation.generation() + " is not live any more.");
        });
    }
}
