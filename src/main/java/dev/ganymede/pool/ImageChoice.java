package dev.ganymede.pool;

import dev.ganymede.gateway.Gateway;
import dev.ganymede.gateway.GatewayState;
import dev.ganymede.id.GatewayId;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Which image each new life of one plan gets. While a rollout runs and its image has not proven itself by a member that is ready, one life at a time tries it and
 * all others get the previous one: a bad image costs the pool one member, not all that happen to come back.
 */
final class ImageChoice {

    private final Optional<Rollout> rollout;
    private final boolean running;
    private final boolean proven;
    private final Set<GatewayId> inFlight = new HashSet<>();

    private ImageChoice(Optional<Rollout> rollout, boolean proven) {
        this.rollout = rollout;
        this.running = rollout.filter(Rollout::running).isPresent();
        this.proven = proven;
    }

    static ImageChoice of(PoolObservation seen, Optional<Rollout> rollout) {
        Optional<String> target = rollout.flatMap(Rollout::target);
        boolean proven =
                seen.gateways().stream().anyMatch(gateway -> gateway.image().equals(target) && up(gateway));
        ImageChoice choice = new ImageChoice(rollout, proven);
        seen.gateways().stream()
                .filter(gateway -> seen.busy(gateway.id())
                        ? mayBeginALife(gateway, seen)
                        : gateway.image().equals(target) && !up(gateway))
                .forEach(gateway -> choice.inFlight.add(gateway.id()));
        choice.inFlight.addAll(seen.work().unborn(seen.gateways()));
        return choice;
    }

    /** The image of the life that this member begins now. */
    Optional<String> forLife(GatewayId gateway) {
        Optional<String> target = rollout.flatMap(Rollout::target);
        if (!running) {
            return target;
        }
        boolean alone = inFlight.isEmpty() || inFlight.equals(Set.of(gateway));
        if (!proven && !alone) {
            return rollout.flatMap(Rollout::previousImageId);
        }
        inFlight.add(gateway);
        return target;
    }

    /** Lives have begun, or may have, of which nobody knows yet whether they become ready. */
    Set<GatewayId> inFlight() {
        return inFlight;
    }

    boolean proven() {
        return proven;
    }

    /** It has the image of a rollout that was stopped; its next life gets another one. */
    boolean abandoned(Gateway gateway) {
        return rollout.filter(newest -> newest.state() == Rollout.State.STOPPED)
                .filter(newest -> gateway.image().equals(Optional.of(newest.imageId())))
                .filter(newest -> !gateway.image().equals(newest.target()))
                .isPresent();
    }

    /** A serving one is only being emptied; what leaves begins nothing. */
    private static boolean mayBeginALife(Gateway gateway, PoolObservation seen) {
        return gateway.state().name() != GatewayState.Name.ALLOCATED
                && !seen.work().leaving().contains(gateway.id());
    }

    static boolean up(Gateway gateway) {
        return gateway.state().name() == GatewayState.Name.READY
                || gateway.state().name() == GatewayState.Name.ALLOCATED;
    }
}
