package dev.ganymede.app;

import dev.ganymede.container.Adapter;
import dev.ganymede.container.ContainerRuntime;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Hands out the container runtime that {@code ganymede.runtime} names; the others are never made. */
@ApplicationScoped
class Runtimes {

    @Produces
    @Singleton
    ContainerRuntime chosen(
            @ConfigProperty(name = "ganymede.runtime") String name, @Any Instance<ContainerRuntime> adapters) {
        Instance<ContainerRuntime> named = adapters.select(new Adapter.Named(name));
        if (!named.isResolvable()) {
            throw new IllegalStateException("ganymede.runtime must be docker or static, not " + name);
        }
        return named.get();
    }
}
