package dev.ganymede.bench.start;

import java.time.Duration;

/**
 * How much is measured.
 *
 * @param seedRounds starts by the seed's flow, in both parts; each takes seconds
 * @param few organizations that are served in the first part
 * @param many organizations that are served in the second
 * @param rounds starts one after the other, in each part
 * @param warmUps the same before, not counted
 * @param burst starts at once
 * @param callers who start and stop all the time in the third part, each one organization after the other
 * @param sustained how long they do
 * @param idle how long nobody does anything
 */
enum Plan {
    FULL(5, 10, 10_000, 300, 200, 100, 32, Duration.ofSeconds(30), Duration.ofSeconds(60)),

    /** To see that all of it works; its figures mean nothing. */
    QUICK(2, 2, 30, 5, 2, 10, 4, Duration.ofSeconds(2), Duration.ofSeconds(2));

    final int seedRounds;
    final int few;
    final int many;
    final int rounds;
    final int warmUps;
    final int burst;
    final int callers;
    final Duration sustained;
    final Duration idle;

    Plan(
            int seedRounds,
            int few,
            int many,
            int rounds,
            int warmUps,
            int burst,
            int callers,
            Duration sustained,
            Duration idle) {
        this.seedRounds = seedRounds;
        this.few = few;
        this.many = many;
        this.rounds = rounds;
        this.warmUps = warmUps;
        this.burst = burst;
        this.callers = callers;
        this.sustained = sustained;
        this.idle = idle;
    }
}
