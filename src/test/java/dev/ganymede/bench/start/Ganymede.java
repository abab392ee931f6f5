package dev.ganymede.bench.start;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Ganymede's process from outside: what it takes, and how long a restart is. */
final class Ganymede {

    // USER_HZ is 100 on every Linux that Ganymede runs on
    private static final long MILLIS_PER_TICK = 10;

    private final Settings settings;

    Ganymede(Settings settings) {
        this.settings = settings;
    }

    long residentMib() throws IOException {
        return Files.readAllLines(process("status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024)
                .findFirst()
                .orElseThrow();
    }

    /** Share of one core that it takes while so much time passes. */
    double cores(Duration time) throws IOException, InterruptedException {
        Duration before = cpu();
        long begin = System.nanoTime();
        Thread.sleep(time.toMillis());
        return (double) cpu().minus(before).toNanos() / (System.nanoTime() - begin);
    }

    private Duration cpu() throws IOException {
        String stat = Files.readString(process("stat"));
        // the name, in parentheses, may contain anything
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Duration.ofMillis((Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * MILLIS_PER_TICK);
    }

    /** From the end of the old process to readiness of the new one. */
    Duration restart() throws IOException, InterruptedException {
        Process restart = new ProcessBuilder("bash", settings.restart().toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String millis = new String(restart.getInputStream().readAllBytes()).strip();
        if (restart.waitFor() != 0) {
            throw new IllegalStateException("Ganymede could not be restarted");
        }
        return Duration.ofMillis(Long.parseLong(millis));
    }

    private Path process(String file) throws IOException {
        return Path.of("/proc/" + Files.readString(settings.pidFile()).split(" ")[0], file);
    }
}
