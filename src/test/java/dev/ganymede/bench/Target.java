package dev.ganymede.bench;

import java.util.List;
import java.util.Locale;

/**
 * What a step is to cost, against the same step of a baseline in the same run.
 *
 * @param speedup how many times faster than the baseline at least; below 1, how much slower at most
 */
record Target(Step step, String baseline, double speedup) {

    private static final String JSONB = "(a) JSONB";
    private static final String BYTEA = "(c) bytea";

    static final List<Target> ALL = List.of(
            new Target(Step.FIRST, JSONB, 2.5),
            new Target(Step.FIRST, BYTEA, 1 / 1.6),
            new Target(Step.CHANGED, JSONB, 5),
            new Target(Step.UNCHANGED, JSONB, 8),
            new Target(Step.PULL, BYTEA, 1 / 1.5));

    boolean met(double actual) {
        return actual >= speedup;
    }

    String wanted() {
        return describe(speedup, "≥", "≤");
    }

    String actual(double actual) {
        return describe(actual, "", "");
    }

    /** As the target is put: so many times faster, or within so many times of it. */
    private String describe(double ratio, String least, String most) {
        return speedup >= 1
                ? String.format(Locale.ROOT, "%s %.1f× faster", least, ratio).strip()
                : String.format(Locale.ROOT, "%s %.2f× its time", most, 1 / ratio)
                        .strip();
    }
}
