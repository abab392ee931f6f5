package dev.ganymede.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** The times of one step on one side, with the most memory that any of them took. */
final class Figure {

    private final List<Duration> times = new ArrayList<>();
    private long peakKib = -1;
    private long heapPeakMib = -1;

    void add(Duration time, Memory memory) throws IOException {
        times.add(time);
        times.sort(null);
        peaked(memory);
    }

    void peaked(Memory memory) throws IOException {
        peakKib = Math.max(peakKib, memory.peakKib().orElse(-1));
        heapPeakMib = Math.max(heapPeakMib, memory.heapPeakMib().orElse(-1));
    }

    int rounds() {
        return times.size();
    }

    /** In milliseconds, as the others. */
    double median() {
        int middle = times.size() / 2;
        return times.size() % 2 == 1 ? millis(middle) : (millis(middle - 1) + millis(middle)) / 2;
    }

    double min() {
        return millis(0);
    }

    double max() {
        return millis(times.size() - 1);
    }

    OptionalLong peakMib() {
        return peakKib < 0 ? OptionalLong.empty() : OptionalLong.of(peakKib / 1024);
    }

    OptionalLong heapPeakMib() {
        return heapPeakMib < 0 ? OptionalLong.empty() : OptionalLong.of(heapPeakMib);
    }

    private double millis(int index) {
        return times.get(index).toNanos() / 1e6;
    }
}
