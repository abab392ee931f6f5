package dev.ganymede.pool;

import dev.ganymede.gateway.Gateway;
import dev.ganymede.gateway.LivingGateway;
import dev.ganymede.gateway.LivingGateways.Place;
import dev.ganymede.id.GatewayId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whose turn it is to be asked: those who did not answer last time, and then the next ones behind those who were asked, round and round. A round has so many
 * and no more, however large the pool: a pool that fits into one round is asked as a whole in each. Used by one round at a time.
 */
final class ProbeTurns {

    private final int perRound;
    private Place after = Place.FIRST;
    private List<GatewayId> suspects = List.of();

    ProbeTurns(int perRound) {
        this.perRound = perRound;
    }

    /** Those who missed the last round, never more than a round has. */
    List<GatewayId> suspects() {
        return suspects;
    }

    Place after() {
        return after;
    }

    /** How many come in turn. */
    int limit() {
        return perRound - suspects.size();
    }

    /** The round's gateways, each once; the turn goes on behind the last one, or begins anew when there were no more. */
    List<LivingGateway> take(List<LivingGateway> suspected, List<LivingGateway> inTurn) {
        after = inTurn.size() < limit() ? Place.FIRST : inTurn.isEmpty() ? after : place(inTurn);
        Set<GatewayId> named =
                suspected.stream().map(living -> living.gateway().id()).collect(Collectors.toSet());
        List<LivingGateway> round = new ArrayList<>(suspected);
        inTurn.stream().filter(living -> !named.contains(living.gateway().id())).forEach(round::add);
        return round;
    }

    private static Place place(List<LivingGateway> inTurn) {
        Gateway last = inTurn.get(inTurn.size() - 1).gateway();
        return new Place(last.node(), last.member().slot());
    }

    /** What came of the round. */
    void asked(List<Probe> probes) {
        suspects = probes.stream()
                .filter(probe -> probe.miss().isPresent())
                .map(probe -> probe.living().gateway().id())
                .limit(perRound)
                .toList();
    }
}
