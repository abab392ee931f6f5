package dev.ganymede.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Two people on each of some organizations who edit its project all the time, come back when they are cut off, and keep account of what was acknowledged:
 * the gateway image's {@code demo/load.mjs}, through the edge.
 */
final class Editors implements AutoCloseable {

    /** What became of everything that they wrote. */
    record Account(long written, long acknowledged, long lost, long duplicates, int disconnections, Times downtimes) {}

    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private final Process process;
    private final Writer input;
    private final CountDownLatch ready = new CountDownLatch(1);
    private final AtomicInteger disconnections = new AtomicInteger();
    private final AtomicInteger returns = new AtomicInteger();
    private final Map<UUID, JsonNode> summaries = new ConcurrentHashMap<>();
    private final List<Organization> organizations;
    private volatile String lastError = "";

    private Editors(Process process, List<Organization> organizations) {
        this.process = process;
        this.organizations = organizations;
        this.input = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
    }

    /** Returns once everybody is in. */
    static Editors on(World world, List<Organization> organizations) {
        Environment environment = world.environment;
        List<String> command = List.of(
                "docker",
                "run",
                "--rm",
                "--interactive",
                "--network",
                "host",
                "--label",
                "dev.ganymede.faults=" + environment.name(),
                environment.get("GATEWAY_IMAGE"),
                "node",
                "/opt/gateway/demo/load.mjs");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(Path.of("/dev/null").toFile())
                    .start();
            Editors editors = new Editors(process, organizations);
            Thread reader = new Thread(editors::read, "editors");
            reader.setDaemon(true);
            reader.start();
            editors.say(configuration(environment, organizations).toString());
            if (!editors.ready.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                editors.close();
                throw new AssertionError("the editors do not get in: " + editors.lastError);
            }
            return editors;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    int disconnections() {
        return disconnections.get();
    }

    /** How often one of them was cut off and had something acknowledged again. */
    int returns() {
        return returns.get();
    }

    /** They stop typing, come together, and somebody new looks at what is there. */
    Account finish() {
        say("finish");
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("the editors do not come to an end: " + lastError);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        if (process.exitValue() != 0 || summaries.size() != organizations.size()) {
            throw new AssertionError(
                    "the editors end with " + process.exitValue() + ": " + summaries + "; last error: " + lastError);
        }
        return account();
    }

    private Account account() {
        Times downtimes = new Times();
        long written = 0;
        long acknowledged = 0;
        long lost = 0;
        long duplicates = 0;
        for (JsonNode summary : summaries.values()) {
            written += summary.path("entries_written").asLong();
            acknowledged += summary.path("entries_acknowledged").asLong();
            lost += summary.path("lost_count").asLong();
            duplicates += summary.path("duplicates").asLong();
            summary.path("downtimes_ms").forEach(downtime -> downtimes.add(Duration.ofMillis(downtime.asLong())));
        }
        return new Account(written, acknowledged, lost, duplicates, disconnections(), downtimes);
    }

    private static ObjectNode configuration(Environment environment, List<Organization> organizations) {
        ObjectNode configuration = Api.JSON.createObjectNode();
        configuration.put("ganymede_url", environment.ganymede().toString());
        configuration.put("api_key", environment.get("GANYMEDE_API_KEY"));
        configuration.put("ca_pem", environment.authority());
        configuration.put("dns_server", environment.get("HOST_ADDRESS") + ":" + environment.get("DNS_PORT"));
        configuration.put("edits_per_second", 4);
        ArrayNode played = configuration.putArray("organizations");
        for (Organization organization : organizations) {
            ObjectNode one = played.addObject();
            one.put("id", organization.id().toString());
            one.put("project_id", organization.project().toString());
            one.putArray("user_ids")
                    .add(organization.ada().toString())
                    .add(organization.grace().toString());
        }
        return configuration;
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                note(Api.parse(line));
            }
        } catch (IOException ended) {
            lastError = ended.toString();
        }
    }

    private void note(JsonNode line) {
        switch (line.path("event").asText()) {
            case "ready" -> ready.countDown();
            case "disconnected" -> disconnections.incrementAndGet();
            case "acknowledged" -> {
                if (line.has("downtime_ms")) {
                    returns.incrementAndGet();
                }
            }
            case "error" -> lastError = line.toString();
            case "summary" ->
                summaries.put(UUID.fromString(line.path("organization").asText()), line);
            default -> {
                // what goes well needs no account here
            }
        }
    }

    private void say(String line) {
        try {
            input.write(line + "\n");
            input.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
    }
}
