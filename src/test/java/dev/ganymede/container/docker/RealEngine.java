package dev.ganymede.container.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * The machine's Docker engine, used by its own command line tool so that tests see what the adapter did with other eyes. Started when none runs, and
 * left running.
 */
final class RealEngine {

    record Outcome(int status, String output) {}

    private RealEngine() {}

    static void ensure() {
        if (run("docker", "info").status() == 0) {
            return;
        }
        try {
            new ProcessBuilder("dockerd")
                    .redirectErrorStream(true)
                    .redirectOutput(File.createTempFile("dockerd", ".log"))
                    .start();
        } catch (IOException failure) {
            throw new IllegalStateException("these tests need a Docker engine, or dockerd to start one", failure);
        }
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> run("docker", "info").status() == 0);
    }

    /**
     * An image that needs no registry: this machine's shell and sleep with their libraries. Its program runs until SIGTERM, or until SIGKILL when
     * {@code stubborn}.
     */
    static void importShell(String tag, String onTerm) {
        String program = "trap '" + onTerm + "' TERM; while :; do sleep 0.05; done";
        String entrypoint = "ENTRYPOINT [\"/bin/sh\", \"-c\", \"" + program + "\"]";
        String files = "{ echo /bin/sh; echo /bin/sleep; ldd /bin/sh /bin/sleep | grep -o '/[^ :]*' | grep -v ':$'; }";
        String archive = files + " | sort -u | tar --create --dereference --absolute-names --files-from=-";
        String[] script = {"sh", "-c", archive + " | docker import --change '" + quoted(entrypoint) + "' - " + tag};
        must(script);
    }

    private static String quoted(String text) {
        return text.replace("'", "'\\''");
    }

    static JsonNode inspect(String name) {
        try {
            return new ObjectMapper().readTree(must("docker", "inspect", name)).get(0);
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    static String must(String... command) {
        Outcome outcome = run(command);
        if (outcome.status() != 0) {
            throw new IllegalStateException(String.join(" ", command) + ": " + outcome.output());
        }
        return outcome.output().strip();
    }

    static Outcome run(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return new Outcome(-1, "timed out: " + output);
            }
            return new Outcome(process.exitValue(), output);
        } catch (IOException missing) {
            return new Outcome(-1, String.valueOf(missing.getMessage()));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** Runs a docker command on each line that another one printed. */
    static void forEach(List<String> listing, String... command) {
        for (String line : must(listing.toArray(String[]::new)).split("\n")) {
            if (!line.isBlank()) {
                List<String> full = new ArrayList<>(List.of(command));
                full.add(line);
                run(full.toArray(String[]::new));
            }
        }
    }
}
