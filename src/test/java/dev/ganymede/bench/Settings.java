package dev.ganymede.bench;

import java.nio.file.Path;

/**
 * Where everything is, as {@code scripts/bench.sh} says it in environment variables.
 *
 * @param scratch on the disk that PostgreSQL's cluster is on
 * @param heapLog of Ganymede's garbage collector
 * @param results the directory for JSON and Markdown
 */
record Settings(
        String database,
        int ganymedePort,
        long ganymedePid,
        long postgresPid,
        Path scratch,
        Path heapLog,
        Path results,
        Plan plan) {

    static Settings read() {
        return new Settings(
                text("BENCH_DATABASE"),
                Integer.parseInt(text("BENCH_GANYMEDE_PORT")),
                Long.parseLong(text("BENCH_GANYMEDE_PID")),
                Long.parseLong(text("BENCH_POSTGRES_PID")),
                Path.of(text("BENCH_SCRATCH")),
                Path.of(text("BENCH_HEAP_LOG")),
                Path.of(text("BENCH_RESULTS")),
                Plan.valueOf(text("BENCH_PLAN")));
    }

    static String text(String name) {
        String value = System.getenv(name);
        if (value == null || value.isEmpty()) {
            throw new IllegalArgumentException(name + " is not set; this is run by scripts/bench.sh");
        }
        return value;
    }
}
