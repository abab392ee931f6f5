package dev.ganymede.bench.start;

import java.util.Locale;

/** The results as Markdown: readable on a terminal, and what docs/performance.md shows. */
final class Report {

    private final Plan plan;
    private final Results results;
    private final StringBuilder text = new StringBuilder();

    Report(Plan plan, Results results) {
        this.plan = plan;
        this.results = results;
    }

    String markdown() {
        text.append("| what | measured | target | |\n|---|---|---|---|\n");
        double few = results.few().p50();
        double ratio = results.many().p50() / few;
        row("start → first 200, p50", few, "%.1f ms", "≤ 25 ms", few <= 25, " (" + plan.few + " served)");
        row(
                "the same, p99",
                results.few().p99(),
                "%.1f ms",
                "≤ 100 ms",
                results.few().p99() <= 100,
                "");
        row("start → first 200, p50", results.many().p50(), "%.1f ms", "", true, " (" + results.served() + " served)");
        row("the same, p99", results.many().p99(), "%.1f ms", "", true, "");
        row("p50 of many ÷ p50 of few", ratio, "%.2f", "≤ 1.3", ratio <= 1.3, "");
        seed();
        double burst = results.burst().times().p99();
        int failed = results.burst().failed();
        row(plan.burst + " starts at once, p99", burst, "%.0f ms", "≤ 500 ms", burst <= 500, "");
        row("the same, failed", failed, "%.0f", "0", failed == 0, "");
        double rate = results.sustained().startsPerSecond();
        row("starts with stops, all the time", rate, "%.0f/s", "≥ 400/s", rate >= 400, "");
        row("the same, refused", results.sustained().failed(), "%.0f", "", true, "");
        row("starts while the pool is filled", results.fillPerSecond(), "%.0f/s", "", true, "");
        idle(results.idle());
        return text.append('\n').toString();
    }

    private void seed() {
        row("the seed's flow, p50", results.seed().few().p50(), "%.0f ms", "", true, " (" + plan.few + " served)");
        row(
                "the seed's flow, p50",
                results.seed().many().p50(),
                "%.0f ms",
                "",
                true,
                " (" + results.served() + " served)");
        double few = results.seed().few().p50() / results.few().p50();
        double many = results.seed().many().p50() / results.many().p50();
        row("Ganymede is faster by", few, "%.0f ×", "≥ 8 ×", few >= 8, " (" + plan.few + " served)");
        row("Ganymede is faster by", many, "%.0f ×", "≥ 200 ×", many >= 200, " (" + results.served() + " served)");
    }

    private void idle(Results.Idle idle) {
        String served = " (" + results.served() + " served)";
        row("idle: processor", idle.cores() * 100, "%.1f %% of a core", "≤ 2 %", idle.cores() <= 0.02, served);
        row("idle: resident memory", idle.residentMib(), "%.0f MB", "≤ 350 MB", idle.residentMib() <= 350, served);
        double restart = idle.restartSeconds();
        row("restart to ready", restart, "%.1f s", "≤ 5 s", restart <= 5, served);
    }

    private void row(String what, double value, String format, String target, boolean met, String note) {
        text.append("| ")
                .append(what)
                .append(note)
                .append(" | **")
                .append(String.format(Locale.ROOT, format, value))
                .append("** | ")
                .append(target)
                .append(" | ")
                .append(target.isEmpty() ? "" : met ? "met" : "**missed**")
                .append(" |\n");
    }
}
