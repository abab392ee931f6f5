package dev.ganymede.app;

import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Readiness check {@code leadership}: always up, since who does not lead serves requests all the same; it says which one does. */
@Readiness
@ApplicationScoped
class LeadershipHealth implements AsyncHealthCheck {

    private final Leadership leadership;

    LeadershipHealth(Leadership leadership) {
        this.leadership = leadership;
    }

    @Override
    public Uni<HealthCheckResponse> call() {
        return Uni.createFrom().item(() -> HealthCheckResponse.named("leadership")
                .up()
                .withData("leader", leadership.leads())
                .build());
    }
}
