package dev.ganymede.pool;

import dev.ganymede.id.AllocationId;
import dev.ganymede.id.LifeId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which gateways are lost, from who answered this time and who had not before. Pure.
 *
 * <p>When most of them do not answer, it is rather this process that can't hear them: then silence alone is not believed before it has lasted three times as
 * long.
 */
final class HealthPlanner {

    private static final int FEW = 3;
    private static final int PATIENCE = 3;

    private final int threshold;

    /** @param threshold misses in a row that make a gateway lost */
    HealthPlanner(int threshold) {
        this.threshold = threshold;
    }

    /** Who is counted: what a gateway did in another life, or for another tenancy, does not count. */
    record Subject(LifeId life, Optional<AllocationId> allocation) {}

    /** One probe's outcome. */
    record Look(Subject subject, boolean missed) {}

    /**
     * What follows.
     *
     * @param misses in a row, of those that missed this time; for the next round
     * @param lost to be given up now
     * @param doubtful to be given up if their container does not run
     */
    record Verdict(Map<Subject, Integer> misses, List<Subject> lost, List<Subject> doubtful) {

        static final Verdict NONE = new Verdict(Map.of(), List.of(), List.of());

        Verdict {
            misses = Map.copyOf(misses);
            lost = List.copyOf(lost);
            doubtful = List.copyOf(doubtful);
        }
    }

    Verdict judge(Map<Subject, Integer> before, List<Look> looks) {
        Map<Subject, Integer> misses = new HashMap<>();
        looks.stream()
                .filter(Look::missed)
                .forEach(look -> misses.put(look.subject(), before.getOrDefault(look.subject(), 0) + 1));
        int enough = mostMissed(looks) ? threshold * PATIENCE : threshold;
        List<Subject> lost = new ArrayList<>();
        List<Subject> doubtful = new ArrayList<>();
        for (Look look : looks) {
            int count = misses.getOrDefault(look.subject(), 0);
            if (count >= enough) {
                lost.add(look.subject());
            } else if (count >= threshold) {
                doubtful.add(look.subject());
            }
        }
        return new Verdict(misses, lost, doubtful);
    }

    private static boolean mostMissed(List<Look> looks) {
        long missed = looks.stream().filter(Look::missed).count();
        return looks.size() >= FEW && missed * 2 > looks.size();
    }
}
