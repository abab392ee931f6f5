package dev.ganymede.bench.dns;

import dev.ganymede.bench.dns.Changes.Figures;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What came out, judged, as JSON and as Markdown. */
record Results(Plan plan, Map<String, Sample> burst, Map<Integer, Figures> zones) {

    private static final double LEAST_PER_SECOND = 1_000;
    private static final double MOST_RATIO = 1.2;

    /** A figure beside what it should be. */
    private record Target(String what, String target, String actual, boolean met) {}

    private List<Target> targets() {
        double rate = burst.get(Burst.GANYMEDE).median();
        List<Target> targets = new ArrayList<>();
        targets.add(new Target(
                "organizations published in a burst", "≥ 1,000/s", text("%.0f/s", rate), rate >= LEAST_PER_SECOND));
        Figures empty = zones.values().iterator().next();
        zones.forEach((records, figures) -> {
            if (records > 0) {
                double ratio = figures.publish().median() / empty.publish().median();
                targets.add(new Target(
                        text("one organization published in a zone of %,d records", records),
                        "≤ 1.2× of an empty zone",
                        text("%.2f×", ratio),
                        ratio <= MOST_RATIO));
            }
        });
        return targets;
    }

    String markdown() {
        StringBuilder text =
                new StringBuilder("| published in a burst | organizations/s | against Ganymede |\n|---|---|---|\n");
        double own = burst.get(Burst.GANYMEDE).median();
        burst.forEach((side, rate) -> text.append(text(
                "| %s | **%,.0f** (%,.0f–%,.0f) | %s |%n",
                side,
                rate.median(),
                rate.least(),
                rate.most(),
                side.equals(Burst.GANYMEDE) ? "" : text("%.1f times slower", own / rate.median()))));
        text.append("\n| zone of | publish one, ms | withdraw one, ms | read it back, ms |\n|---|---|---|---|\n");
        zones.forEach((records, figures) -> text.append(text(
                "| %,d records | %s | %s | %s |%n",
                records, times(figures.publish()), times(figures.withdraw()), times(figures.read()))));
        text.append("\n| target | | measured |\n|---|---|---|\n");
        targets()
                .forEach(target -> text.append(text(
                        "| %s | %s | %s: %s |%n",
                        target.what(), target.target(), target.actual(), target.met() ? "met" : "**missed**")));
        return text.toString();
    }

    private static String times(Sample millis) {
        return text("**%.1f** (%.1f–%.1f, p99 %.1f)", millis.median(), millis.least(), millis.most(), millis.p99());
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("burst", burst.entrySet().stream().map(this::burst).toList());
        json.put("zones", zones.entrySet().stream().map(Results::zone).toList());
        json.put("targets", targets().stream().map(Results::target).toList());
        return json;
    }

    private Map<String, Object> burst(Map.Entry<String, Sample> side) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("side", side.getKey());
        json.put("organizations", side.getKey().equals(Burst.GANYMEDE) ? plan.burst() : plan.naive());
        json.put("per_second", side.getValue().json());
        return json;
    }

    private static Map<String, Object> zone(Map.Entry<Integer, Figures> zone) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("records", zone.getKey());
        json.put("publish_ms", zone.getValue().publish().json());
        json.put("withdraw_ms", zone.getValue().withdraw().json());
        json.put("read_ms", zone.getValue().read().json());
        return json;
    }

    private static Map<String, Object> target(Target target) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("what", target.what());
        json.put("target", target.target());
        json.put("measured", target.actual());
        json.put("met", target.met());
        return json;
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
