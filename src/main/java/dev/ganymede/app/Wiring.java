package dev.ganymede.app;

import dev.ganymede.id.Domain;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The values that everybody shares. */
class Wiring {

    /** The one source of time (invariant 12). */
    @Produces
    @ApplicationScoped
    Clock clock() {
        return Clock.systemUTC();
    }

    /** The environment's domain. */
    @Produces
    @Singleton
    Domain domain(@ConfigProperty(name = "ganymede.domain") String name) {
        return new Domain(name);
    }
}
