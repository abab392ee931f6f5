package dev.ganymede.pool;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is to be done, as data; the order says only what is begun first.
 *
 * @param partial there is more to do as soon as some of it is done
 * @param lookAgainAt the earliest moment at which time alone changes the plan
 * @param surplusSince to be remembered: since when there are more members than wanted
 * @param verdict the running rollout ends with it
 */
record PoolPlan(
        List<PoolAction> actions,
        boolean partial,
        Optional<Instant> lookAgainAt,
        Optional<Instant> surplusSince,
        Optional<Rollout.Verdict> verdict) {

    PoolPlan {
        actions = List.copyOf(actions);
    }
}
