package dev.ganymede.snapshot;

import dev.ganymede.problem.Problem;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A version as callers name it: its number, or {@code head}, the one that the next pull gives.
 *
 * @param number empty: the head
 */
record VersionRef(Optional<Long> number) {

    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,17}");

    static VersionRef parse(String field, String text) {
        if ("head".equals(text)) {
            return new VersionRef(Optional.empty());
        }
        if (text == null || !NUMBER.matcher(text).matches()) {
            throw Problem.invalid(field, "must be the number of a version, or head");
        }
        return new VersionRef(Optional.of(Long.parseLong(text)));
    }

    static VersionRef of(long number) {
        return new VersionRef(Optional.of(number));
    }
}
