package dev.ganymede.bench.dns;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Values of one kind: milliseconds, or something a second. */
final class Sample {

    private final List<Double> values = new ArrayList<>();

    void add(double value) {
        values.add(value);
        values.sort(null);
    }

    double median() {
        int middle = values.size() / 2;
        return values.size() % 2 == 1 ? values.get(middle) : (values.get(middle - 1) + values.get(middle)) / 2;
    }

    double least() {
        return values.get(0);
    }

    double most() {
        return values.get(values.size() - 1);
    }

    double p99() {
        return values.get((int) Math.ceil(values.size() * 0.99) - 1);
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("count", values.size());
        json.put("median", rounded(median()));
        json.put("min", rounded(least()));
        json.put("max", rounded(most()));
        json.put("p99", rounded(p99()));
        return json;
    }

    static double rounded(double value) {
        return Math.round(value * 100) / 100.0;
    }
}
