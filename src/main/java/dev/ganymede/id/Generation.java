package dev.ganymede.id;

/** Counts the allocations of one organization; only grows, so it fences late writers of an earlier one. */
public record Generation(long value) implements Comparable<Generation> {

    public Generation {
        if (value < 1) {
            throw new IllegalArgumentException("a generation starts at 1, not " + value);
        }
    }

    @Override
    public int compareTo(Generation other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
