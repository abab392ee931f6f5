package dev.ganymede.bench.dns;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code scripts/bench.sh dns}: bursts, single changes in small and large zones, and zones read back. */
final class DnsBench {

    private DnsBench() {}

    public static void main(String[] arguments) throws IOException {
        Plan plan = Plan.named(setting("BENCH_PLAN"));
        try (Server server = new Server(setting("BENCH_PDNS_URL"), setting("BENCH_PDNS_KEY"))) {
            Map<String, Sample> burst = new Burst(server, plan).run();
            write(new Results(plan, burst, new Changes(server, plan).run()));
        }
        // threads of the libraries would keep it alive
        System.exit(0);
    }

    private static void write(Results results) throws IOException {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("at", setting("BENCH_DATE"));
        json.put("commit", setting("BENCH_COMMIT"));
        json.put("machine", setting("BENCH_MACHINE"));
        json.putAll(results.json());
        Path directory = Path.of(setting("BENCH_RESULTS"));
        Files.writeString(
                directory.resolve("dns.json"),
                new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n");
        Files.writeString(directory.resolve("dns.md"), results.markdown());
    }

    private static String setting(String name) {
        String value = System.getenv(name);
        if (value == null || value.isEmpty()) {
            throw new IllegalArgumentException(name + " is not set; this is run by scripts/bench.sh");
        }
        return value;
    }
}
