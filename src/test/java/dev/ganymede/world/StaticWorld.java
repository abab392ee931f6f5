package dev.ganymede.world;

import dev.ganymede.dns.DnsZone;
import dev.ganymede.dns.FakeDnsZone;
import dev.ganymede.edge.EdgeProbe;
import dev.ganymede.edge.EdgeRoutes;
import dev.ganymede.edge.FakeEdgeRoutes;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Set;

/** A world without a fake engine: the containers are those of {@link SimulatedNode}, and there are many of them. Zone and edge are fakes, time is real. */
@Alternative
@Singleton
public class StaticWorld {

    private final FakeDnsZone zone = new FakeDnsZone();
    private final FakeEdgeRoutes edge = new FakeEdgeRoutes();

    /** Takes the place of {@link World}. */
    public static final class Profile implements QuarkusTestProfile {

        @Override
        public Set<Class<?>> getEnabledAlternatives() {
            return Set.of(StaticWorld.class);
        }

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "quarkus.arc.exclude-types", World.class.getName(),
                    "ganymede.pool.max", "300",
                    "ganymede.pool.buffer", "20",
                    "ganymede.pool.parallel-actions", "32",
                    "ganymede.pool.creations-per-look", "100");
        }
    }

    @Produces
    @Singleton
    DnsZone zone() {
        return zone;
    }

    @Produces
    @Singleton
    EdgeRoutes edge() {
        return edge;
    }

    @Produces
    @Singleton
    EdgeProbe probe() {
        return (organization, timeout) -> Uni.createFrom()
                .item(() -> World.visit(edge.routeOf(organization)))
                .runSubscriptionOn(Infrastructure.getDefaultWorkerPool());
    }
}
