package dev.ganymede.bench.start;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** The seed's own way to start an organization: the scripts of bench/baselines/seed on an nginx of their own, with the same gateways. */
final class SeedFlow implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int CHUNK = 500;
    // a port of the gateways' node on which none listens
    private static final String NOBODY = "1";

    private final Path scripts = Path.of(Settings.text("BENCH_SEED"));
    private final Path directory = Path.of(Settings.text("NGINX_DIR"));
    private final Visitor visitor;
    private final SeedGateways gateways;
    private int blocks;

    SeedFlow(Settings settings) throws Exception {
        Settings atSeed = settings.atSeed();
        visitor = new Visitor(atSeed);
        gateways = new SeedGateways(Path.of(Settings.text("POOL_DIR")));
        blocks(1);
        run("nginx", "-p", directory + "/", "-c", directory + "/nginx.conf");
    }

    /** Starts one after the other, with so many organizations served before the first. */
    Times measure(int served, int rounds) throws Exception {
        blocks(served);
        reload();
        gateways.reserve(rounds);
        List<Double> times = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            times.add(firstAnswer(UUID.randomUUID().toString()));
        }
        return new Times(times);
    }

    private double firstAnswer(String organization) throws Exception {
        long begin = System.nanoTime();
        run(scripts.resolve("start.sh").toString(), organization, organization);
        while (visitor.statusOf(organization) != 200) {
            if (System.nanoTime() - begin > PATIENCE.toNanos()) {
                throw new IllegalStateException("organization " + organization + " is not served by the seed's flow");
            }
            // the new workers are not there yet
            Thread.sleep(1);
        }
        blocks++;
        return (System.nanoTime() - begin) / 1e6;
    }

    /** Server blocks of organizations that are served already, as {@code start.sh} writes them; nobody visits them. */
    private void blocks(int served) throws Exception {
        while (blocks < served) {
            List<String> command =
                    new ArrayList<>(List.of(scripts.resolve("block.sh").toString(), NOBODY));
            for (int block = 0; block < CHUNK && blocks < served; block++) {
                command.add(UUID.randomUUID().toString());
                blocks++;
            }
            run(command.toArray(String[]::new));
        }
    }

    private void reload() throws Exception {
        run("nginx", "-p", directory + "/", "-c", directory + "/nginx.conf", "-s", "reload");
        // until the workers of the new configuration are there, a change would be measured with this one
        TimeUnit.SECONDS.sleep(Math.max(1, blocks / 500));
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (process.waitFor() != 0) {
            throw new IllegalStateException(String.join(" ", command) + " ended with " + process.exitValue());
        }
    }

    @Override
    public void close() throws IOException {
        gateways.close();
        new ProcessBuilder("nginx", "-p", directory + "/", "-c", directory + "/nginx.conf", "-s", "stop").start();
    }
}
