package dev.ganymede.app;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import org.eclipse.microprofile.health.HealthCheckResponse;

/** Turns a cheap round trip into a health answer, in bounded time. */
final class Checks {

    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    private Checks() {}

    static Uni<HealthCheckResponse> of(String name, Uni<Void> ping) {
        return ping.ifNoItem()
                .after(TIMEOUT)
                .fail()
                .map(done -> HealthCheckResponse.up(name))
                .onFailure()
                .recoverWithItem(failure -> HealthCheckResponse.named(name)
                        .down()
                        .withData("reason", failure.getClass().getSimpleName() + ": " + failure.getMessage())
                        .build());
    }
}
