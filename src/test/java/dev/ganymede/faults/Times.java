package dev.ganymede.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Durations of one kind; their median, 99th percentile and maximum. */
final class Times {

    private final List<Duration> sorted = new ArrayList<>();

    void add(Duration time) {
        sorted.add(time);
        sorted.sort(null);
    }

    String median() {
        return seconds(at(0.5));
    }

    String max() {
        return seconds(at(1));
    }

    @Override
    public String toString() {
        String ends = "median " + median() + ", max " + max() + " (" + sorted.size() + ")";
        return sorted.size() < 50 ? ends : ends.replace(", max", ", p99 " + seconds(at(0.99)) + ", max");
    }

    private Duration at(double share) {
        return sorted.isEmpty() ? Duration.ZERO : sorted.get((int) Math.ceil(share * sorted.size()) - 1);
    }

    static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.2f s", time.toMillis() / 1000.0);
    }
}
