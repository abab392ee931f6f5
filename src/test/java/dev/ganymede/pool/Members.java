package dev.ganymede.pool;

import dev.ganymede.container.ContainerId;
import dev.ganymede.container.ObservedContainer;
import dev.ganymede.container.ObservedContainer.Status;
import dev.ganymede.gateway.Gateway;
import dev.ganymede.gateway.GatewayState;
import dev.ganymede.gateway.Orders;
import dev.ganymede.gateway.PoolMember;
import dev.ganymede.gateway.Setbacks;
import dev.ganymede.id.GatewayId;
import dev.ganymede.id.LifeId;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** Gateways and containers for the planner's tests. */
final class Members {

    static final GatewayState CREATING = new GatewayState.Creating(Scene.NOW);
    static final GatewayState STARTING = new GatewayState.Starting(Scene.NOW.minusSeconds(59));
    static final GatewayState READY = new GatewayState.Ready(Scene.NOW);
    static final GatewayState ALLOCATED = new GatewayState.Allocated(Scene.NOW);
    static final GatewayState UNHEALTHY = new GatewayState.Unhealthy(Scene.NOW);
    static final GatewayState REMOVING = new GatewayState.Removing(Scene.NOW);

    static final Orders CORDONED = new Orders(true, false);
    static final Orders RECYCLE = new Orders(false, true);

    private Members() {}

    static Gateway gateway(int slot, GatewayState state) {
        return new Gateway(
                new GatewayId(new UUID(1, slot)),
                "local",
                PoolMember.ofSlot(slot),
                state,
                new LifeId(new UUID(2, slot)),
                Optional.empty(),
                Optional.of("127.0.0.1"),
                Optional.empty(),
                Orders.NONE,
                Setbacks.NONE,
                Optional.empty());
    }

    static Gateway with(Orders orders, Gateway gateway) {
        return copy(gateway, gateway.host(), orders, gateway.setbacks(), gateway.image());
    }

    static Gateway with(String image, Gateway gateway) {
        return copy(gateway, gateway.host(), gateway.orders(), gateway.setbacks(), Optional.of(image));
    }

    static Gateway failed(int times, Instant notBefore, Gateway gateway) {
        return copy(
                gateway,
                gateway.host(),
                gateway.orders(),
                new Setbacks(times, Optional.of(notBefore)),
                gateway.image());
    }

    static Gateway withoutHost(Gateway gateway) {
        return copy(gateway, Optional.empty(), gateway.orders(), gateway.setbacks(), gateway.image());
    }

    private static Gateway copy(
            Gateway gateway, Optional<String> host, Orders orders, Setbacks setbacks, Optional<String> image) {
        return new Gateway(
                gateway.id(),
                gateway.node(),
                gateway.member(),
                gateway.state(),
                gateway.life(),
                gateway.containerId(),
                host,
                gateway.reason(),
                orders,
                setbacks,
                image);
    }

    static ObservedContainer container(String id, Gateway gateway, Status status) {
        return named(gateway.name(), id, gateway, status);
    }

    static ObservedContainer named(String name, String id, Gateway gateway, Status status) {
        return new ObservedContainer(
                new ContainerId(id), name, Optional.of(gateway.id()), Optional.of(gateway.life()), status);
    }

    static ObservedContainer oldLife(String id, Gateway gateway) {
        return new ObservedContainer(
                new ContainerId(id),
                gateway.name(),
                Optional.of(gateway.id()),
                Optional.of(new LifeId(new UUID(3, 3))),
                Status.RUNNING);
    }
}
