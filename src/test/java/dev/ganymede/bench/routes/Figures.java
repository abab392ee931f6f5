package dev.ganymede.bench.routes;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What was measured, as JSON and as Markdown. */
final class Figures {

    /**
     * Times of one side's changes among so many routes.
     *
     * @param millis in order
     */
    record Changes(String side, String survives, int routes, List<Double> millis) {

        double percentile(int percent) {
            return millis.get(Math.min(millis.size() - 1, millis.size() * percent / 100));
        }
    }

    /** What became of open WebSockets while others' routes changed. */
    record Sockets(String side, int routes, int changes, int open, int cut, long workersBefore, long workersAfter) {}

    static final double MOST_MILLIS = 2;

    private final List<Changes> changes = new ArrayList<>();
    private final List<Sockets> sockets = new ArrayList<>();

    void add(Changes one) {
        changes.add(one);
    }

    void add(Sockets one) {
        sockets.add(one);
    }

    String json(String at, String commit, String machine, String plan) {
        JsonArray all = new JsonArray();
        changes.forEach(one -> all.add(new JsonObject()
                .put("side", one.side())
                .put("survives", one.survives())
                .put("routes", one.routes())
                .put("rounds", one.millis().size())
                .put("p50_ms", one.percentile(50))
                .put("p95_ms", one.percentile(95))
                .put("min_ms", one.percentile(0))
                .put("max_ms", one.percentile(100))));
        JsonArray open = new JsonArray();
        sockets.forEach(one -> open.add(JsonObject.mapFrom(Map.of(
                "side", one.side(),
                "routes", one.routes(),
                "changes", one.changes(),
                "open", one.open(),
                "cut", one.cut(),
                "workers_before", one.workersBefore(),
                "workers_after", one.workersAfter()))));
        return new JsonObject()
                .put("at", at)
                .put("commit", commit)
                .put("machine", machine)
                .put("plan", plan)
                .put("changes", all)
                .put("websockets", open)
                .encodePrettily();
    }

    String markdown() {
        StringBuilder text = new StringBuilder();
        Set<Integer> sizes = changes.stream().map(Changes::routes).collect(Collectors.toCollection(LinkedHashSet::new));
        line(
                text,
                "change → live, p50 (p95)",
                "survives a crash",
                sizes.stream().map(size -> size + " routes").toList());
        text.append("|---|---|").append("---|".repeat(sizes.size())).append('\n');
        for (String side : changes.stream().map(Changes::side).collect(Collectors.toCollection(LinkedHashSet::new))) {
            List<Changes> own =
                    changes.stream().filter(one -> one.side().equals(side)).toList();
            line(
                    text,
                    side,
                    own.get(0).survives(),
                    own.stream().map(Figures::cell).toList());
        }
        text.append("\n| 50 WebSockets open | changes of others | cut | workers before, after |\n|---|---|---|---|\n");
        sockets.forEach(one -> text.append(String.format(
                "| %s | %d | **%d** of %d | %d, %d |%n",
                one.side(), one.changes(), one.cut(), one.open(), one.workersBefore(), one.workersAfter())));
        text.append('\n');
        verdicts(text);
        return text.toString();
    }

    private void verdicts(StringBuilder text) {
        changes.stream()
                .filter(one -> one.side().equals("Ganymede, lua"))
                .reduce((first, last) -> last)
                .ifPresent(most -> text.append(String.format(
                        Locale.ROOT,
                        "Target, p50 at most %.0f ms among %d routes: %s (%.1f ms).%n",
                        MOST_MILLIS,
                        most.routes(),
                        most.percentile(50) <= MOST_MILLIS ? "met" : "missed",
                        most.percentile(50))));
        sockets.stream()
                .filter(one -> one.side().equals("Ganymede, lua"))
                .forEach(one -> text.append(String.format(
                        "Target, no WebSocket cut over %d changes: %s.%n",
                        one.changes(), one.cut() == 0 ? "met" : "missed")));
    }

    private static String cell(Changes one) {
        return String.format(Locale.ROOT, "**%.1f** ms (%.1f)", one.percentile(50), one.percentile(95));
    }

    private static void line(StringBuilder text, String first, String second, List<String> rest) {
        text.append("| ")
                .append(first)
                .append(" | ")
                .append(second)
                .append(" | ")
                .append(String.join(" | ", rest));
        text.append(" |\n");
    }
}
