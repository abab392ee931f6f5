package dev.ganymede.bench.start;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How long the same thing took, each time, in milliseconds and in order of size. */
record Times(List<Double> millis) {

    Times {
        millis = millis.stream().sorted().toList();
    }

    double p50() {
        return quantile(0.5);
    }

    double p99() {
        return quantile(0.99);
    }

    private double quantile(double share) {
        return millis.get((int) Math.min(millis.size() - 1, Math.floor(millis.size() * share)));
    }

    Map<String, Object> asJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("rounds", millis.size());
        json.put("p50_ms", p50());
        json.put("p99_ms", p99());
        json.put("max_ms", millis.get(millis.size() - 1));
        return json;
    }
}
