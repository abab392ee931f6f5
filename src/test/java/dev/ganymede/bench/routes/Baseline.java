package dev.ganymede.bench.routes;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A peer: a process that {@code bench/baselines/<name>/run.sh <directory> <port> <admin port>} becomes. It speaks plain HTTP, which favours it. */
abstract class Baseline implements Side {

    private static final long START_SECONDS = 120;

    protected final Path directory;
    protected final int adminPort;
    private final String program;
    private final Path scripts;
    private final int port;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    private Process process;

    Baseline(String program, Path scripts, Path scratch, int port) throws IOException {
        this.program = program;
        this.scripts = scripts;
        this.directory = Files.createDirectories(scratch.resolve(program));
        this.port = port;
        this.adminPort = port + 1;
    }

    @Override
    public String survives() {
        return "nothing";
    }

    @Override
    public Wire.Entrance entrance() {
        return new Wire.Entrance(port, false);
    }

    protected void launch() throws Exception {
        process = new ProcessBuilder(
                        scripts.resolve(program).resolve("run.sh").toString(),
                        directory.toString(),
                        Integer.toString(port),
                        Integer.toString(adminPort))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (!listens()) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new IOException(program + " does not start:\n" + Files.readString(directory.resolve("log")));
            }
            process.waitFor(20, TimeUnit.MILLISECONDS);
        }
    }

    /** One call of its interface; fails unless it was accepted. */
    protected void call(String method, String path, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + adminPort + path))
                .method(method, BodyPublishers.ofString(body))
                .header("Content-Type", "application/json")
                .header("Authorization", "token bench")
                .timeout(Duration.ofMinutes(5))
                .build();
        HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
        if (answer.statusCode() >= 300) {
            throw new IOException(program + " answers " + answer.statusCode() + ": " + answer.body());
        }
    }

    private boolean listens() throws IOException {
        try (Socket visitors = new Socket(InetAddress.getLoopbackAddress(), adminPort)) {
            return visitors.isConnected();
        } catch (ConnectException notYet) {
            return false;
        }
    }

    @Override
    public void close() {
        if (process != null) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().onExit().join();
        }
    }
}
