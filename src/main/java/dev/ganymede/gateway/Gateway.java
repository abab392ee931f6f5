package dev.ganymede.gateway;

import dev.ganymede.id.Endpoint;
import dev.ganymede.id.GatewayId;
import dev.ganymede.id.LifeId;
import java.util.Optional;

/**
 * One member of the pool.
 *
 * @param node name of the machine that it lives on
 * @param life the container's life that the row speaks of
 * @param containerId the engine's id, once known
 * @param host where its published ports are reached, once known
 * @param reason why it is in this state, for operators; may be absent
 * @param image the engine's id of the image of this life; absent: as configured
 */
public record Gateway(
        GatewayId id,
        String node,
        PoolMember member,
        GatewayState state,
        LifeId life,
        Optional<String> containerId,
        Optional<String> host,
        Optional<String> reason,
        Orders orders,
        Setbacks setbacks,
        Optional<String> image) {

    /** Container name, {@code gw-pool-N}. */
    public String name() {
        return member.name();
    }

    /** Where its HTTP port is reached, once it runs. */
    public Optional<Endpoint> endpoint() {
        return host.map(address -> new Endpoint(address, member.httpPort()));
    }
}
