package dev.ganymede.app;

import dev.ganymede.certificate.CertificateFigures;
import dev.ganymede.certificate.CertificateFigures.Summary;
import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/** Readiness check {@code certificates}: always up, since everything is served with what there is; its data, of the process that leads, is what an operator wants to know. */
@Readiness
@ApplicationScoped
class CertificateHealth implements AsyncHealthCheck {

    private final CertificateFigures figures;

    CertificateHealth(CertificateFigures figures) {
        this.figures = figures;
    }

    @Override
    public Uni<HealthCheckResponse> call() {
        return Uni.createFrom().item(() -> {
            HealthCheckResponseBuilder answer =
                    HealthCheckResponse.named("certificates").up();
            figures.summary().ifPresent(summary -> tell(answer, summary));
            return answer.build();
        });
    }

    private static void tell(HealthCheckResponseBuilder answer, Summary summary) {
        answer.withData("pending", summary.pending())
                .withData("failing", summary.failing())
                .withData("expired", summary.expired())
                .withData("problems", summary.problems());
        summary.budgetLeft().ifPresent(left -> answer.withData("budget_left", left));
    }
}
