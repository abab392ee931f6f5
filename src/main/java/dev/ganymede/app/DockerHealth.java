package dev.ganymede.app;

import dev.ganymede.container.ContainerRuntime;
import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Readiness check {@code docker}. */
@Readiness
@ApplicationScoped
class DockerHealth implements AsyncHealthCheck {

    private final ContainerRuntime containers;

    DockerHealth(ContainerRuntime containers) {
        this.containers = containers;
    }

    @Override
    public Uni<HealthCheckResponse> call() {
        return Checks.of("docker", containers.ping());
    }
}
