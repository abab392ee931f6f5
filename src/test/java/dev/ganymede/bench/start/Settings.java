package dev.ganymede.bench.start;

import java.net.URI;
import java.nio.file.Path;

/**
 * Where everything is, as {@code scripts/bench.sh} says it in environment variables.
 *
 * @param api Ganymede, past the edge
 * @param authority certificate of the edge's issuer
 * @param restart a command that restarts Ganymede and returns when it is ready
 */
record Settings(
        URI api,
        String apiKey,
        String domain,
        String edgeHost,
        int edgePort,
        Path authority,
        Path pidFile,
        Path restart,
        Path results,
        Plan plan) {

    static Settings read() {
        return new Settings(
                URI.create(text("BENCH_API")),
                text("BENCH_API_KEY"),
                text("BENCH_DOMAIN"),
                text("BENCH_EDGE_HOST"),
                Integer.parseInt(text("BENCH_EDGE_PORT")),
                Path.of(text("BENCH_AUTHORITY")),
                Path.of(text("BENCH_PID_FILE")),
                Path.of(text("BENCH_RESTART")),
                Path.of(text("BENCH_RESULTS")),
                Plan.valueOf(text("BENCH_PLAN")));
    }

    /** The same for visitors of the seed's nginx. */
    Settings atSeed() {
        String[] address = text("SEED_ADDRESS").split(":");
        return new Settings(
                api,
                apiKey,
                text("SEED_DOMAIN"),
                address[0],
                Integer.parseInt(address[1]),
                Path.of(text("NGINX_DIR"), "ssl-cert.pem"),
                pidFile,
                restart,
                results,
                plan);
    }

    static String text(String name) {
        String value = System.getenv(name);
        if (value == null || value.isEmpty()) {
            throw new IllegalArgumentException(name + " is not set; this is run by scripts/bench.sh");
        }
        return value;
    }
}
