package dev.ganymede.pool;

import dev.ganymede.gateway.GatewayRepository;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Puts the pool's status together, from the database alone: any process can answer, whether it leads or not. */
@ApplicationScoped
class PoolStatus {

    private final PoolObserver observer;
    private final GatewayRepository gateways;
    private final String environment;

    PoolStatus(
            PoolObserver observer,
            GatewayRepository gateways,
            @ConfigProperty(name = "ganymede.environment") String environment) {
        this.observer = observer;
        this.gateways = gateways;
        this.environment = environment;
    }

    Uni<PoolBody> pool() {
        return Uni.combine()
                .all()
                .unis(observer.rows(), gateways.allWithTenancy())
                .with((seen, members) -> PoolBody.of(environment, seen, members));
    }

    /** Of the newest rollout. */
    Uni<RolloutBody> upgrade() {
        return observer.rows().map(seen -> RolloutBody.of(seen).orElseThrow(PoolOperations::noUpgrade));
    }
}
