package dev.ganymede.pool;

import dev.ganymede.collab.GatewayProcess.HealthAnswer;
import dev.ganymede.gateway.LivingGateway;
import dev.ganymede.gateway.Tenancy;
import dev.ganymede.pool.HealthPlanner.Look;
import dev.ganymede.pool.HealthPlanner.Subject;
import java.util.Optional;

/**
 * A gateway was asked how it is.
 *
 * @param miss why the answer is none, or not that of the gateway that the database knows
 */
record Probe(LivingGateway living, Optional<String> miss, int connections) {

    static Probe of(LivingGateway living, HealthAnswer answer) {
        if (answer instanceof HealthAnswer.Healthy healthy) {
            return new Probe(
                    living, living.tenancy().flatMap(tenancy -> wrong(tenancy, healthy)), healthy.connections());
        }
        return new Probe(living, Optional.of(((HealthAnswer.Missed) answer).reason()), 0);
    }

    /** Its process may have been restarted and know of nobody, or of somebody else. One that is leaving, or reloading, still knows. */
    private static Optional<String> wrong(Tenancy tenancy, HealthAnswer.Healthy healthy) {
        boolean same = healthy.organization().equals(Optional.of(tenancy.organization()))
                && healthy.generation().equals(Optional.of(tenancy.generation()));
        if (same && !"ready".equals(healthy.state())) {
            return Optional.empty();
        }
        return Optional.of("it says that it is " + healthy.state() + " for "
                + healthy.organization().map(Object::toString).orElse("nobody"));
    }

    Subject subject() {
        return new Subject(living.gateway().life(), living.allocation());
    }

    Look look() {
        return new Look(subject(), miss.isPresent());
    }
}
