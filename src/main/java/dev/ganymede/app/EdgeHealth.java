package dev.ganymede.app;

import dev.ganymede.edge.EdgeException;
import dev.ganymede.edge.EdgeRoutes;
import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Readiness check {@code edge}. */
@Readiness
@ApplicationScoped
class EdgeHealth implements AsyncHealthCheck {

    private final EdgeRoutes edge;

    EdgeHealth(EdgeRoutes edge) {
        this.edge = edge;
    }

    @Override
    public Uni<HealthCheckResponse> call() {
        return Checks.of("edge", edge.ping().invoke(this::requireChangeable));
    }

    /** It may answer and yet take no changes: a full disk, a configuration that it refuses. */
    private void requireChangeable() {
        if (!edge.available()) {
            throw new EdgeException("it answers, but changes to it have failed lately; see the log");
        }
    }
}
