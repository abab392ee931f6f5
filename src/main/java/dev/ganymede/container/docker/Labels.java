package dev.ganymede.container.docker;

import dev.ganymede.container.ContainerSpec;
import dev.ganymede.id.GatewayId;
import dev.ganymede.id.LifeId;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The labels that say whose a container is (invariant 7). */
record Labels(String environment) {

    private static final String ENVIRONMENT = "dev.ganymede.environment";
    private static final String GATEWAY = "dev.ganymede.gateway";
    private static final String LIFE = "dev.ganymede.life";

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

    /** Empty when the label was damaged. */
    static Optional<GatewayId> gateway(Map<String, String> labels) {
        return parsed(labels.get(GATEWAY), GatewayId::parse);
    }

    /** Empty when the label was damaged. */
    static Optional<LifeId> life(Map<String, String> labels) {
        return parsed(labels.get(LIFE), LifeId::parse);
    }

    private static <T> Optional<T> parsed(String label, Function<String, T> parser) {
        try {
            return Optional.of(parser.apply(label));
        } catch (IllegalArgumentException damaged) {
            return Optional.empty();
        }
    }
}
