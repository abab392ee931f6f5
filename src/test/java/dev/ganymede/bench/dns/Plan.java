package dev.ganymede.bench.dns;

/**
 * How much is measured.
 *
 * @param burst organizations that Ganymede publishes at once
 * @param naive organizations that each of the naive ways publishes: fewer, since each costs the same
 * @param organizations of the zones in which one change is made; two records each
 * @param changes in each of these zones, in turn
 */
record Plan(int rounds, int burst, int naive, int[] organizations, int warmUps, int changes, int readings) {

    static final Plan FULL = new Plan(5, 3_000, 300, new int[] {0, 100, 10_000}, 30, 200, 15);

    /** To see that all of it works; its figures mean nothing. */
    static final Plan QUICK = new Plan(2, 60, 20, new int[] {0, 10, 100}, 1, 5, 2);

    static Plan named(String name) {
        return name.equals("QUICK") ? QUICK : FULL;
    }
}
