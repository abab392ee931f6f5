package dev.ganymede.edge.nginx;

import dev.ganymede.edge.EdgeException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs one program with arguments (no shell), for a limited time, keeping a limited part of what it says. Blocking. */
final class Command {

    /** What a program answered. */
    record Result(int exitCode, String output) {}

    private static final int MAX_OUTPUT_BYTES = 16 * 1024;

    private final Duration timeout;

    Command(Duration timeout) {
        this.timeout = timeout;
    }

    Result run(List<String> command) {
        Process process = start(command);
        StringBuilder output = new StringBuilder();
        Thread reader = new Thread(() -> drain(process.getInputStream(), output), "edge-command-output");
        reader.setDaemon(true);
        reader.start();
        try {
            if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new EdgeException(command.get(0) + " did not end within " + timeout.toMillis() + " ms");
            }
            // a grandchild may hold the pipe open: what has been said by now is enough
            reader.join(200);
            synchronized (output) {
                return new Result(process.exitValue(), output.toString().strip());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EdgeException("interrupted while " + command.get(0) + " ran", e);
        } finally {
            process.destroyForcibly();
        }
    }

    private static Process start(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            return process;
        } catch (IOException e) {
            throw new EdgeException(command.get(0) + " could not be started", e);
        }
    }

    /** Reads to the end, so that the program never blocks on a full pipe, and keeps the beginning. */
    private static void drain(InputStream stream, StringBuilder output) {
        byte[] buffer = new byte[4096];
        try (stream) {
            for (int read = stream.read(buffer); read >= 0; read = stream.read(buffer)) {
                synchronized (output) {
                    int kept = Math.min(read, MAX_OUTPUT_BYTES - output.length());
                    output.append(new String(buffer, 0, Math.max(kept, 0), StandardCharsets.UTF_8));
                }
            }
        } catch (IOException ended) {
            // the process is gone, and with it the pipe
        }
    }
}
