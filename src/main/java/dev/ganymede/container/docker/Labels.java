package dev.ganymede.container.docker;

import dev.ganymede.container.ContainerSpec;
import java.util.Map;

/** The labels that say whose a container is (invariant 7). */
record Labels(String environment) {

    private static final String ENVIRONMENT = "dev.ganymede.environment";
    static final String GATEWAY = "dev.ganymede.gateway";
    static final String LIFE = "dev.ganymede.life";

    Map<String, String> of(ContainerSpec spec) {
        return Map.of(
                ENVIRONMENT, environment,
                GATEWAY, spec.gateway().toString(),
                LIFE, spec.life().toString());
    }

    Map<String, String> ofEnvironment() {
        return Map.of(ENVIRONMENT, environment);
    }

    boolean areOurs(Map<String, String> labels) {
        return labels != null && environment.equals(labels.get(ENVIRONMENT));
    }
}
