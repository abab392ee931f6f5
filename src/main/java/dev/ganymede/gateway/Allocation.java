package dev.ganymede.gateway;

import dev.ganymede.id.AllocationId;
import dev.ganymede.id.Endpoint;
import dev.ganymede.id.GatewayId;
import dev.ganymede.id.Generation;
import dev.ganymede.id.OrganizationId;
import java.util.Optional;

/**
 * The tenancy of one organization on one gateway.
 *
 * @param endpoint where its gateway is reached; absent when that gateway is no longer there
 */
public record Allocation(
        AllocationId id,
        OrganizationId organization,
        GatewayId gateway,
        Generation generation,
        AllocationState state,
        Optional<Endpoint> endpoint) {

    /** Neither ended nor about to: it holds its organization's and its gateway's only place. */
    public boolean live() {
        return !(state instanceof AllocationState.Ended);
    }
}
