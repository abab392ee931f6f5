package dev.ganymede.pool;

import dev.ganymede.gateway.Gateway;
import dev.ganymede.gateway.GatewayState;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The rules of a rolling upgrade: which member is next, what it waits for, when it has ended. All static: observation in, decision out. */
final class RolloutPlanner {

    private RolloutPlanner() {}

    /** What a running rollout does now. */
    sealed interface Step {

        /** This member, which is ready and serves nobody, gets a new life. */
        record Upgrade(Gateway gateway) implements Step {}

        /** Nothing, until this has happened. */
        record Wait(String until) implements Step {}
    }

    /** How a running rollout ends, if it does now. */
    static Optional<Rollout.Verdict> verdict(PoolObservation seen, int maxSetbacks) {
        return seen.rollout().filter(Rollout::running).flatMap(rollout -> {
            if (rollout.setbacks() >= maxSetbacks) {
                return Optional.of(Rollout.Verdict.stopped(whyStopped(seen, rollout)));
            }
            ImageChoice images = ImageChoice.of(seen, seen.rollout());
            boolean begun = images.proven() || desired(seen) == 0;
            boolean done = seen.gateways().stream().noneMatch(outdated(rollout))
                    && seen.work().unborn(seen.gateways()).isEmpty();
            return begun && done ? Optional.of(Rollout.Verdict.COMPLETED) : Optional.empty();
        });
    }

    private static String whyStopped(PoolObservation seen, Rollout rollout) {
        String lives = rollout.setbacks() + " lives on the new image came to nothing";
        return seen.gateways().stream()
                .filter(outdated(rollout).negate().and(gateway -> !ImageChoice.up(gateway)))
                .flatMap(gateway ->
                        gateway.reason().map(reason -> lives + ": " + gateway.name() + " " + reason).stream())
                .findFirst()
                .orElse(lives);
    }

    /**
     * One member more while the buffer would otherwise be all that is ready: without it no ready member could be spared. Never beyond the greatest size.
     */
    static int surge(PoolObservation seen, Optional<Rollout> newest) {
        return newest.filter(Rollout::running)
                        .filter(rollout -> seen.gateways().stream()
                                .anyMatch(outdated(rollout).and(RolloutPlanner::ready)))
                        .filter(rollout -> desired(seen)
                                        - allocated(seen)
                                        - seen.settings().queued()
                                <= seen.settings().size().buffer())
                        .isPresent()
                ? 1
                : 0;
    }

    /**
     * One at a time: a life on the new image must have become ready before the next member is touched, and the buffer stays ready.
     *
     * @param untouched members about which this plan has decided nothing yet
     */
    static Step next(PoolObservation seen, Rollout rollout, ImageChoice images, Predicate<Gateway> untouched) {
        if (!images.inFlight().isEmpty()) {
            return new Step.Wait(names(seen, images) + " to become ready");
        }
        List<Gateway> idle = seen.gateways().stream()
                .filter(untouched.and(RolloutPlanner::ready).and(gateway -> !seen.busy(gateway.id())))
                .toList();
        long usable = idle.stream().filter(RolloutPlanner::usable).count();
        boolean spare =
                usable - seen.settings().queued() > seen.settings().size().buffer();
        return idle.stream()
                .filter(outdated(rollout)
                        .and(gateway -> spare || gateway.orders().cordoned()))
                .min(Comparator.comparing((Gateway gateway) -> gateway.orders().cordoned())
                        .thenComparing(gateway -> gateway.member().slot()))
                .<Step>map(Step.Upgrade::new)
                .orElseGet(() -> new Step.Wait(
                        idle.stream().anyMatch(outdated(rollout))
                                ? "a ready member beyond the buffer of "
                                        + seen.settings().size().buffer()
                                : "members that are in use to come back"));
    }

    /** What the running rollout waits for, by what stands in the database alone; for its status. */
    static Optional<String> waitingFor(PoolObservation seen) {
        return seen.rollout().filter(Rollout::running).flatMap(rollout -> {
            if (seen.settings().pause().isPresent()) {
                return Optional.of("the pool to be resumed");
            }
            Step step = next(seen, rollout, ImageChoice.of(seen, seen.rollout()), gateway -> true);
            return step instanceof Step.Wait wait ? Optional.of(wait.until()) : Optional.empty();
        });
    }

    static Predicate<Gateway> outdated(Rollout rollout) {
        return gateway -> !gateway.image().equals(Optional.of(rollout.imageId()));
    }

    private static boolean usable(Gateway gateway) {
        return !gateway.orders().cordoned() && !gateway.orders().recycle();
    }

    private static boolean ready(Gateway gateway) {
        return gateway.state().name() == GatewayState.Name.READY;
    }

    private static int desired(PoolObservation seen) {
        return seen.settings().size().desired(allocated(seen), seen.settings().queued());
    }

    private static long allocated(PoolObservation seen) {
        return seen.gateways().stream()
                .filter(gateway -> gateway.state().name() == GatewayState.Name.ALLOCATED)
                .count();
    }

    private static String names(PoolObservation seen, ImageChoice images) {
        List<String> names = seen.gateways().stream()
                .filter(gateway -> images.inFlight().contains(gateway.id()))
                .map(Gateway::name)
                .toList();
        return names.isEmpty() ? "a new member" : String.join(", ", names);
    }
}
