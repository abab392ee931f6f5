package dev.ganymede.snapshot;

import dev.ganymede.problem.Input;
import dev.ganymede.problem.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The small fields of a push's body, by name; each is valid JSON. */
record PushFields(Map<String, byte[]> values) {

    static final Set<String> NAMES =
            Set.of("organization_id", "gateway_id", "timestamp", "sequence", "recovered", "lineage");

    private static final int MAX_RECOVERED = 1_000;
    // RFC 3339 has four digits, PostgreSQL no year 0
    private static final int MIN_YEAR = 1;
    private static final int MAX_YEAR = 9999;
    private static final Pattern POSITIVE = Pattern.compile("[1-9][0-9]{0,17}");
    private static final Pattern WHITE_SPACE = Pattern.compile("[ \t\r\n]+");

    /** Null when it is missing or no string. */
    String text(String name) throws IOException {
        byte[] value = values.get(name);
        return value == null ? null : JsonCheck.string(value).orElse(null);
    }

    Instant takenAt() throws IOException {
        try {
            OffsetDateTime time = OffsetDateTime.parse(Input.required("timestamp", text("timestamp")));
            if (time.getYear() >= MIN_YEAR && time.getYear() <= MAX_YEAR) {
                return time.toInstant();
            }
        } catch (DateTimeException unreadable) {
            // the answer is the same
        }
        throw Problem.invalid("timestamp", "must be an RFC 3339 time, like 2025-01-15T10:30:00Z");
    }

    OptionalLong sequence() {
        byte[] value = values.get("sequence");
        return value == null ? OptionalLong.empty() : OptionalLong.of(positive("sequence", json(value)));
    }

    OptionalLong lineage() {
        byte[] value = values.get("lineage");
        if (value == null) {
            return OptionalLong.empty();
        }
        String text = json(value);
        return OptionalLong.of(text.equals("0") ? 0 : positive("lineage", text));
    }

    List<Long> recovered() {
        byte[] value = values.get("recovered");
        if (value == null) {
            return List.of();
        }
        String list = WHITE_SPACE.matcher(json(value)).replaceAll("");
        if (list.equals("[]")) {
            return List.of();
        }
        if (!list.startsWith("[")) {
            throw Problem.invalid("recovered", "must be an array of versions");
        }
        List<Long> versions = Stream.of(list.substring(1, list.length() - 1).split(",", -1))
                .limit(MAX_RECOVERED + 1L)
                .map(version -> positive("recovered", version))
                .toList();
        if (versions.size() > MAX_RECOVERED) {
            throw Problem.invalid("recovered", "has more than " + MAX_RECOVERED + " versions");
        }
        return versions;
    }

    private static String json(byte[] value) {
        return new String(value, StandardCharsets.UTF_8);
    }

    private static long positive(String field, String text) {
        if (!POSITIVE.matcher(text).matches()) {
            throw Problem.invalid(field, "must be whole numbers above zero");
        }
        return Long.parseLong(text);
    }
}
