package dev.ganymede.pool;

import dev.ganymede.container.ContainerId;
import dev.ganymede.gateway.Gateway;
import dev.ganymede.gateway.PoolMember;
import dev.ganymede.id.GatewayId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** Whole plans, to compare with. */
final class Plans {

    private Plans() {}

    static PoolPlan plan(PoolAction... actions) {
        return new PoolPlan(List.of(actions), false, Optional.empty(), Optional.empty(), Optional.empty());
    }

    static PoolPlan partial(PoolAction... actions) {
        return new PoolPlan(List.of(actions), true, Optional.empty(), Optional.empty(), Optional.empty());
    }

    static PoolPlan lookAgain(Instant at, PoolPlan plan) {
        return new PoolPlan(plan.actions(), plan.partial(), Optional.of(at), plan.surplusSince(), plan.verdict());
    }

    static PoolPlan surplus(Instant since, PoolPlan plan) {
        return new PoolPlan(plan.actions(), plan.partial(), plan.lookAgainAt(), Optional.of(since), plan.verdict());
    }

    static PoolPlan verdict(Rollout.Verdict verdict, PoolPlan plan) {
        return new PoolPlan(
                plan.actions(), plan.partial(), plan.lookAgainAt(), plan.surplusSince(), Optional.of(verdict));
    }

    static PoolAction grow(int id, int slot) {
        return new PoolAction.Grow(new GatewayId(new UUID(9, id)), PoolMember.ofSlot(slot), Optional.empty());
    }

    static PoolAction grow(int id, int slot, String image) {
        return new PoolAction.Grow(new GatewayId(new UUID(9, id)), PoolMember.ofSlot(slot), Optional.of(image));
    }

    static PoolAction fail(Gateway gateway, String reason) {
        return new PoolAction.Fail(gateway, reason);
    }

    static PoolAction replace(Gateway gateway, String reason, String... old) {
        return new PoolAction.Replace(gateway, ids(old), Optional.empty(), reason);
    }

    static PoolAction replaceBy(String image, Gateway gateway, String reason, String... old) {
        return new PoolAction.Replace(gateway, ids(old), Optional.of(image), reason);
    }

    /** With the container that {@link Scene#members} gave it. */
    static PoolAction retire(Gateway gateway) {
        return new PoolAction.Retire(gateway, ids("c-" + gateway.member().slot()));
    }

    static List<ContainerId> ids(String... ids) {
        return Stream.of(ids).map(ContainerId::new).toList();
    }
}
