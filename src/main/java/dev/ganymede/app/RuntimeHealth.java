package dev.ganymede.app;

import dev.ganymede.container.ContainerRuntime;
import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Readiness check of the container runtime, under its name: {@code docker} or {@code static}. */
@Readiness
@ApplicationScoped
class RuntimeHealth implements AsyncHealthCheck {

    private final ContainerRuntime containers;
    private final String name;

    RuntimeHealth(ContainerRuntime containers, @ConfigProperty(name = "ganymede.runtime") String name) {
        this.containers = containers;
        this.name = name;
    }

    @Override
    public Uni<HealthCheckResponse> call() {
        return Checks.of(name, containers.ping());
    }
}
