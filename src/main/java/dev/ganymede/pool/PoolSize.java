package dev.ganymede.pool;

import dev.ganymede.gateway.GatewayRepository;
import dev.ganymede.problem.Problem;
import dev.ganymede.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;

/** How many members the pool should have: the configured size and what operators have added. */
@ApplicationScoped
class PoolSize {

    private final GatewayRepository gateways;
    private final PoolConfig config;

    PoolSize(GatewayRepository gateways, PoolConfig config) {
        this.gateways = gateways;
        this.config = config;
    }

    Uni<Integer> desired() {
        return gateways.addedMembers().map(added -> Math.min(config.size() + added, config.maxSize()));
    }

    /** Adds members; beyond the limit is a problem and changes nothing. */
    Uni<Void> add(int count) {
        if (count < 1 || count > config.maxSize()) {
            throw Problem.invalid("count", "must be 1 to " + config.maxSize());
        }
        return gateways.addMembers(count, config.maxSize() - config.size())
                .invoke(added -> {
                    if (!added) {
                        throw Problem.of(
                                ProblemType.POOL_LIMIT, "The pool may have at most " + config.maxSize() + " members.");
                    }
                })
                .replaceWithVoid();
    }
}
