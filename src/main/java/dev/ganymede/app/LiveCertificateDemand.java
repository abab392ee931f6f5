package dev.ganymede.app;

import dev.ganymede.certificate.CertificateDemand;
import dev.ganymede.gateway.Allocation;
import dev.ganymede.gateway.AllocationRepository;
import dev.ganymede.id.OrganizationId;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;
import java.util.stream.Collectors;

/** Whoever has a live allocation wants a certificate. */
@ApplicationScoped
class LiveCertificateDemand implements CertificateDemand {

    private final AllocationRepository allocations;

    LiveCertificateDemand(AllocationRepository allocations) {
        this.allocations = allocations;
    }

    @Override
    public Uni<Set<OrganizationId>> allocated() {
        return allocations
                .allLive()
                .map(live -> live.stream().map(Allocation::organization).collect(Collectors.toUnmodifiableSet()));
    }
}
