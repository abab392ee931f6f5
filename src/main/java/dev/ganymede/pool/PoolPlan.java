package dev.ganymede.pool;

import java.util.List;

/** What is to be done, as data; the order says only what is begun first. */
record PoolPlan(List<PoolAction> actions) {

    PoolPlan {
        actions = List.copyOf(actions);
    }
}
