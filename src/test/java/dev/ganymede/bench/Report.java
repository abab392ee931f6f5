package dev.ganymede.bench;

import dev.ganymede.bench.Autosave.Load;
import dev.ganymede.bench.Plan.Autosaving;
import dev.ganymede.bench.Plan.Shape;
import dev.ganymede.bench.Results.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The results as Markdown: readable on a terminal, and what docs/performance.md shows. */
final class Report {

    private final Results results;

    Report(Results results) {
        this.results = results;
    }

    String markdown() {
        StringBuilder text = new StringBuilder();
        results.figures().forEach((shape, steps) -> figures(text, shape, steps));
        targets(text);
        autosave(text);
        return text.toString();
    }

    private static void figures(StringBuilder text, Shape shape, Map<Step, Map<Side, Figure>> steps) {
        List<Side> sides = steps.get(Step.FIRST).keySet().stream()
                .sorted((a, b) -> a.name().compareTo(b.name()))
                .toList();
        table(text, shape.name(), sides.stream().map(Side::name).toList());
        steps.forEach((step, figures) -> row(
                text,
                step.title(),
                sides.stream().map(side -> cell(figures.get(side))).toList()));
        text.append('\n');
    }

    private static String cell(Figure figure) {
        String time = format("**%.0f** ms (%.0f–%.0f)", figure.median(), figure.min(), figure.max());
        return Stream.of(
                        time,
                        figure.peakMib().isPresent() ? figure.peakMib().getAsLong() + " MiB" : "",
                        figure.heapPeakMib().isPresent()
                                ? "heap " + figure.heapPeakMib().getAsLong()
                                : "")
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(", "));
    }

    private void targets(StringBuilder text) {
        List<String> sides = results.verdicts().stream()
                .map(Verdict::side)
                .distinct()
                .sorted()
                .toList();
        List<String> heads = new ArrayList<>(List.of("step", "against", "target"));
        heads.addAll(sides);
        table(text, "snapshot", heads);
        for (Shape shape : results.figures().keySet()) {
            for (Target target : Target.ALL) {
                List<String> cells =
                        new ArrayList<>(List.of(target.step().title(), target.baseline(), target.wanted()));
                sides.forEach(side -> cells.add(verdict(shape, target, side)));
                row(text, shape.name(), cells);
            }
        }
        text.append('\n');
    }

    private String verdict(Shape shape, Target target, String side) {
        Verdict verdict = results.verdicts().stream()
                .filter(any -> any.shape() == shape
                        && any.target() == target
                        && any.side().equals(side))
                .findFirst()
                .orElseThrow();
        return target.actual(verdict.actual()) + ": " + (verdict.met() ? "met" : "**missed**");
    }

    private void autosave(StringBuilder text) {
        Autosaving plan = results.plan().autosaving();
        table(
                text,
                format(
                        "%d organizations, %s, 1 changed every %d s",
                        plan.organizations(), plan.shape().name(), plan.every().toSeconds()),
                List.of("Ganymede", "PostgreSQL", "a save", "target"));
        for (Load load : results.loads()) {
            row(
                    text,
                    load.wire().title(),
                    List.of(
                            format("**%.2f** cores", load.ganymedeCores()),
                            format("%.2f cores", load.postgresCores()),
                            cell(load.saving()),
                            "< " + Results.MOST_CORES + " cores: "
                                    + (load.ganymedeCores() < Results.MOST_CORES ? "met" : "**missed**")));
        }
    }

    private static void table(StringBuilder text, String first, List<String> heads) {
        row(text, first, heads);
        text.append("|---".repeat(heads.size() + 1)).append("|\n");
    }

    private static void row(StringBuilder text, String first, List<String> cells) {
        text.append("| ")
                .append(first)
                .append(" | ")
                .append(String.join(" | ", cells))
                .append(" |\n");
    }

    private static String format(String text, Object... values) {
        return String.format(Locale.ROOT, text, values);
    }
}
