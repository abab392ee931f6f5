package dev.ganymede.app;

import dev.ganymede.dns.DnsZone;
import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Readiness check {@code powerdns}. */
@Readiness
@ApplicationScoped
class PowerDnsHealth implements AsyncHealthCheck {

    private final DnsZone zone;

    PowerDnsHealth(DnsZone zone) {
        this.zone = zone;
    }

    @Override
    public Uni<HealthCheckResponse> call() {
        return Checks.of("powerdns", zone.ping());
    }
}
