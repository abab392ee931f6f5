package dev.ganymede.pool;

import dev.ganymede.gateway.Gateway;
import dev.ganymede.gateway.GatewayState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * How many members the pool has too few, and which ones leave it. Up at once; down only idle ones, after there have been too many for the whole cool-down. Those
 * above the greatest size leave as soon as they are idle.
 */
final class ScalePlanner {

    private final Duration coolDown;

    ScalePlanner(Duration coolDown) {
        this.coolDown = coolDown;
    }

    /**
     * What follows.
     *
     * @param surplusSince to be remembered; kept until there is no surplus
     * @param coolUntil when members may leave
     */
    record Scale(List<Gateway> leaving, int missing, Optional<Instant> surplusSince, Optional<Instant> coolUntil) {}

    Scale scale(PoolObservation seen, Optional<Rollout> rollout) {
        PoolSettings settings = seen.settings();
        List<Gateway> members = seen.gateways().stream()
                .filter(gateway -> !seen.work().leaving().contains(gateway.id()))
                .toList();
        int unborn = seen.work().unborn(seen.gateways()).size();
        int desired = Math.min(
                settings.size().max(),
                settings.size().desired(count(members, ScalePlanner::allocated), settings.queued())
                        + RolloutPlanner.surge(seen, rollout));

        List<Gateway> idle = new ArrayList<>(members.stream()
                .filter(gateway -> !allocated(gateway) && !seen.busy(gateway.id()))
                .sorted(shrinkOrder(rollout))
                .toList());
        int total = members.size() + unborn;
        List<Gateway> leaving = takeFirst(idle, total - settings.size().max());

        int usable = count(members, ScalePlanner::counts) - count(leaving, ScalePlanner::counts) + unborn;
        idle.removeIf(gateway -> gateway.orders().cordoned());
        int surplus = Math.min(usable - desired, idle.size());
        if (surplus <= 0) {
            int missing = Math.max(0, Math.min(desired - usable, settings.size().max() - total));
            return new Scale(leaving, missing, Optional.empty(), Optional.empty());
        }
        Instant since = settings.surplusSince().orElse(seen.now());
        Instant coolUntil = since.plus(coolDown);
        if (!seen.now().isBefore(coolUntil)) {
            leaving.addAll(takeFirst(idle, surplus));
        }
        return new Scale(leaving, 0, Optional.of(since), Optional.of(coolUntil));
    }

    /** Serving ones count, and all that may serve; a cordoned idle one is a member, but of no use to the buffer. */
    private static boolean counts(Gateway gateway) {
        return allocated(gateway) || !gateway.orders().cordoned();
    }

    private static boolean allocated(Gateway gateway) {
        return gateway.state().name() == GatewayState.Name.ALLOCATED;
    }

    /** What is broken first, then what is not up yet, then what a rollout would replace, then the highest number; cordoned ones last. */
    private static Comparator<Gateway> shrinkOrder(Optional<Rollout> rollout) {
        Optional<Rollout> running = rollout.filter(Rollout::running);
        return Comparator.comparing((Gateway gateway) -> gateway.orders().cordoned())
                .thenComparing(gateway -> switch (gateway.state().name()) {
                    case UNHEALTHY, REMOVING -> 0;
                    case CREATING -> 1;
                    case STARTING -> 2;
                    case READY, ALLOCATED -> 3;
                })
                .thenComparing(gateway -> running.map(RolloutPlanner::outdated)
                        .map(outdated -> !outdated.test(gateway))
                        .orElse(false))
                .thenComparing(gateway -> -gateway.member().slot());
    }

    private static List<Gateway> takeFirst(List<Gateway> gateways, int count) {
        List<Gateway> first = gateways.subList(0, Math.max(0, Math.min(count, gateways.size())));
        List<Gateway> taken = new ArrayList<>(first);
        first.clear();
        return taken;
    }

    private static int count(List<Gateway> gateways, Predicate<Gateway> which) {
        return (int) gateways.stream().filter(which).count();
    }
}
