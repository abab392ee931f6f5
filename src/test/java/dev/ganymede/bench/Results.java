package dev.ganymede.bench;

import dev.ganymede.bench.Autosave.Load;
import dev.ganymede.bench.Plan.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;

/** All that one run measured, and what it says about the targets. */
record Results(Plan plan, Map<Shape, Map<Step, Map<Side, Figure>>> figures, List<Load> loads) {

    static final double MOST_CORES = 0.5;

    /** One target on one shape, for one of Ganymede's sides. */
    record Verdict(Shape shape, Target target, String side, double actual) {

        boolean met() {
            return target.met(actual);
        }
    }

    List<Verdict> verdicts() {
        List<Verdict> verdicts = new ArrayList<>();
        figures.forEach((shape, steps) -> {
            for (Target target : Target.ALL) {
                Map<Side, Figure> sides = steps.get(target.step());
                double baseline = sides.entrySet().stream()
                        .filter(side -> side.getKey().name().equals(target.baseline()))
                        .map(Entry::getValue)
                        .findFirst()
                        .orElseThrow()
                        .median();
                sides.forEach((side, figure) -> {
                    if (side instanceof Ganymede) {
                        verdicts.add(new Verdict(shape, target, side.name(), baseline / figure.median()));
                    }
                });
            }
        });
        return verdicts;
    }

    /** For JSON: every figure by its name, milliseconds and MiB. */
    Map<String, Object> asJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("plan", plan.name());
        json.put(
                "snapshots",
                figures.entrySet().stream()
                        .map(shape -> json(shape.getKey(), shape.getValue()))
                        .toList());
        json.put("targets", verdicts().stream().map(Results::json).toList());
        json.put("autosave", loads.stream().map(this::json).toList());
        return json;
    }

    private static Map<String, Object> json(Shape shape, Map<Step, Map<Side, Figure>> steps) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("shape", shape.name());
        json.put("bytes", shape.bytes());
        json.put("projects", shape.projects());
        steps.forEach((step, sides) -> {
            Map<String, Object> figures = new LinkedHashMap<>();
            sides.forEach((side, figure) -> figures.put(side.name(), json(figure)));
            json.put(step.title(), figures);
        });
        return json;
    }

    private static Map<String, Object> json(Figure figure) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("rounds", figure.rounds());
        json.put("median_ms", rounded(figure.median()));
        json.put("min_ms", rounded(figure.min()));
        json.put("max_ms", rounded(figure.max()));
        figure.peakMib().ifPresent(peak -> json.put("peak_mib", peak));
        figure.heapPeakMib().ifPresent(peak -> json.put("heap_peak_mib", peak));
        return json;
    }

    private static Map<String, Object> json(Verdict verdict) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("shape", verdict.shape().name());
        json.put("step", verdict.target().step().title());
        json.put("side", verdict.side());
        json.put("baseline", verdict.target().baseline());
        json.put("least_speedup", rounded(verdict.target().speedup()));
        json.put("speedup", rounded(verdict.actual()));
        json.put("met", verdict.met());
        return json;
    }

    private Map<String, Object> json(Load load) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("side", load.wire().title());
        json.put("organizations", plan.autosaving().organizations());
        json.put("every_seconds", plan.autosaving().every().toSeconds());
        json.put("ganymede_cores", rounded(load.ganymedeCores()));
        json.put("postgres_cores", rounded(load.postgresCores()));
        json.put("met", load.ganymedeCores() < MOST_CORES);
        json.put("save", json(load.saving()));
        return json;
    }

    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
