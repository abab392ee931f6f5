package dev.ganymede.pool;

import dev.ganymede.container.ContainerId;
import dev.ganymede.container.ContainerInventory;
import dev.ganymede.container.ObservedContainer;
import dev.ganymede.container.ObservedContainer.Status;
import dev.ganymede.gateway.Gateway;
import dev.ganymede.id.GatewayId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/** An observation for the planner's tests; unless said otherwise a pool of exactly as many members as were put into it. */
final class Scene {

    static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    static final Duration READY_TIMEOUT = Duration.ofSeconds(60);
    static final Duration COOL_DOWN = Duration.ofMinutes(5);
    static final int CREATIONS = 4;

    private final List<Gateway> gateways = new ArrayList<>();
    private final List<ObservedContainer> containers = new ArrayList<>();
    private final Set<String> foreign = new HashSet<>();
    private final Set<GatewayId> busy = new HashSet<>();
    private final Set<GatewayId> leaving = new HashSet<>();
    private PoolSize size;
    private Optional<PoolSettings.Pause> pause = Optional.empty();
    private Optional<Instant> surplusSince = Optional.empty();
    private Optional<Rollout> rollout = Optional.empty();
    private int queued;

    /** Members whose containers run. */
    Scene members(Gateway... members) {
        for (Gateway member : members) {
            gateways.add(member);
            containers.add(Members.container("c-" + member.member().slot(), member, Status.RUNNING));
        }
        return this;
    }

    /** A member with just these containers. */
    Scene member(Gateway member, List<ObservedContainer> own) {
        gateways.add(member);
        containers.addAll(own);
        return this;
    }

    Scene container(ObservedContainer container) {
        containers.add(container);
        return this;
    }

    Scene foreign(String... names) {
        foreign.addAll(List.of(names));
        return this;
    }

    Scene size(int buffer, int min, int max) {
        size = new PoolSize(buffer, min, max);
        return this;
    }

    Scene queued(int organizations) {
        queued = organizations;
        return this;
    }

    Scene paused() {
        pause = Optional.of(new PoolSettings.Pause(NOW, Optional.empty()));
        return this;
    }

    Scene surplusSince(Instant since) {
        surplusSince = Optional.of(since);
        return this;
    }

    Scene rollout(Rollout newest) {
        rollout = Optional.of(newest);
        return this;
    }

    Scene busy(Gateway gateway) {
        busy.add(gateway.id());
        return this;
    }

    Scene beingBorn(int id) {
        busy.add(new GatewayId(new UUID(5, id)));
        return this;
    }

    Scene leaving(Gateway gateway) {
        leaving.add(gateway.id());
        return busy(gateway);
    }

    PoolObservation seen() {
        PoolSize held = size == null ? new PoolSize(0, gateways.size(), gateways.size()) : size;
        return new PoolObservation(
                NOW,
                gateways,
                new ContainerInventory(containers, foreign),
                new PoolSettings(held, pause, surplusSince, queued),
                rollout,
                new Work(busy, leaving));
    }

    PoolPlan plan() {
        return planOf(seen());
    }

    static PoolPlan planOf(PoolObservation seen) {
        AtomicInteger ids = new AtomicInteger();
        return new PoolPlanner(
                        new PoolPlanner.Rules(READY_TIMEOUT, COOL_DOWN, CREATIONS, 2),
                        () -> new GatewayId(new UUID(9, ids.getAndIncrement())))
                .plan(seen);
    }

    static ContainerId id(String container) {
        return new ContainerId(container);
    }
}
