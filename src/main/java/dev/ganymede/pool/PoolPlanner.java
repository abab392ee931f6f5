package dev.ganymede.pool;

import dev.ganymede.gateway.Gateway;
import dev.ganymede.gateway.PoolMember;
import dev.ganymede.id.GatewayId;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Decides what the pool needs: observation in, plan out; no clock, no effect. */
final class PoolPlanner {

    private final Rules rules;
    private final ScalePlanner scales;
    private final Supplier<GatewayId> newIds;

    PoolPlanner(Rules rules, Supplier<GatewayId> newIds) {
        this.rules = rules;
        this.scales = new ScalePlanner(rules.coolDown());
        this.newIds = newIds;
    }

    /**
     * What an operator may configure about the decisions.
     *
     * @param readyTimeout a container's time to call ready
     * @param coolDown how long there are too many members before idle ones leave
     * @param creations lives that one plan lets begin
     * @param rolloutSetbacks lives on a new image that may come to nothing
     */
    record Rules(Duration readyTimeout, Duration coolDown, int creations, int rolloutSetbacks) {

        static Rules of(PoolConfig config) {
            return new Rules(
                    config.readyTimeout(), config.coolDown(), config.creationsPerLook(), config.rolloutSetbacks());
        }
    }

    PoolPlan plan(PoolObservation seen) {
        return seen.settings().pause().isPresent() ? whilePaused(seen) : whileRunning(seen);
    }

    private PoolPlan whilePaused(PoolObservation seen) {
        ImageChoice images = ImageChoice.of(seen, seen.rollout());
        Draft draft = new Draft(seen.now(), images, 0);
        MemberPlanner members = new MemberPlanner(rules.readyTimeout(), seen, Belongings.of(seen), images, draft);
        leftToDecide(seen, List.of(), draft).forEach(members::decideWhilePaused);
        return draft.plan(seen.settings().surplusSince(), Optional.empty());
    }

    private PoolPlan whileRunning(PoolObservation seen) {
        Optional<Rollout.Verdict> verdict = RolloutPlanner.verdict(seen, rules.rolloutSetbacks());
        Optional<Rollout> rollout = seen.rollout()
                .map(newest -> verdict.map(end -> newest.ended(end, seen.now())).orElse(newest));
        ImageChoice images = ImageChoice.of(seen, rollout);
        Belongings belongings = Belongings.of(seen);
        Draft draft = new Draft(seen.now(), images, rules.creations());

        belongings.orphans().forEach(orphan -> draft.add(new PoolAction.Reap(orphan.id(), orphan.name())));
        ScalePlanner.Scale scale = scales.scale(seen, rollout);
        scale.coolUntil().ifPresent(draft::lookAt);
        scale.leaving().forEach(gateway -> draft.add(new PoolAction.Retire(gateway, belongings.all(gateway))));
        MemberPlanner members = new MemberPlanner(rules.readyTimeout(), seen, belongings, images, draft);
        leftToDecide(seen, scale.leaving(), draft).forEach(members::decide);
        rollout.filter(Rollout::running).ifPresent(running -> upgradeOne(seen, running, images, belongings, draft));
        grow(seen, scale.missing(), draft);
        return draft.plan(scale.surplusSince(), verdict);
    }

    /** Members that nobody works on and that stay; those worked on are looked at again when that has ended. */
    private static List<Gateway> leftToDecide(PoolObservation seen, List<Gateway> leaving, Draft draft) {
        if (!seen.work().busy().isEmpty()) {
            draft.goesOn();
        }
        return seen.gateways().stream()
                .filter(gateway -> !seen.busy(gateway.id()) && !leaving.contains(gateway))
                .toList();
    }

    private static void upgradeOne(
            PoolObservation seen, Rollout rollout, ImageChoice images, Belongings belongings, Draft draft) {
        if (RolloutPlanner.next(seen, rollout, images, gateway -> !draft.touches(gateway))
                instanceof RolloutPlanner.Step.Upgrade upgrade) {
            Gateway gateway = upgrade.gateway();
            draft.create(
                    gateway.id(),
                    image -> new PoolAction.Replace(
                            gateway, belongings.all(gateway), image, "the pool is upgraded to " + rollout.image()));
        }
    }

    private void grow(PoolObservation seen, int missing, Draft draft) {
        Set<String> taken = new HashSet<>(seen.inventory().foreignNames());
        seen.gateways().forEach(gateway -> taken.add(gateway.name()));
        int left = missing;
        for (int slot = 0; left > 0 && slot <= PoolMember.MAX_SLOT; slot++) {
            PoolMember member = PoolMember.ofSlot(slot);
            if (!taken.contains(member.name())) {
                GatewayId id = newIds.get();
                draft.create(id, image -> new PoolAction.Grow(id, member, image));
                left--;
            }
        }
    }
}
