package dev.ganymede.bench.start;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code scripts/bench.sh start}: from the question for a start to the first answer by the organization's name, with few and with many organizations served. */
final class StartBench {

    private StartBench() {}

    public static void main(String[] arguments) throws Exception {
        Settings settings = Settings.read();
        Plan plan = settings.plan();
        Starts starts = new Starts(new Api(settings), new Visitor(settings));
        Ganymede ganymede = new Ganymede(settings);

        say("the seed's flow");
        Results.Seed seed = seed(settings);
        say("filling to " + plan.few);
        starts.fill(plan.few);
        starts.oneByOne(plan.warmUps);
        Times few = starts.oneByOne(plan.rounds);
        say("filling to " + plan.many);
        double fill = starts.fill(plan.many);
        starts.awaitReserve(plan.burst);
        starts.oneByOne(plan.warmUps);
        Times many = starts.oneByOne(plan.rounds);
        say("a burst of " + plan.burst);
        Starts.Burst burst = starts.burst(plan.burst);
        starts.awaitReserve(plan.burst);
        say("starts and stops for " + plan.sustained.toSeconds() + " s");
        Starts.Sustained sustained = starts.sustained(plan.callers, plan.sustained);
        starts.awaitReserve(plan.burst);
        say("nothing for twice " + plan.idle.toSeconds() + " s, and a restart");
        // the compilers have their time to finish what the load has left them
        Thread.sleep(plan.idle.toMillis());
        double cores = ganymede.cores(plan.idle);
        long residentMib = ganymede.residentMib();
        double restartSeconds = ganymede.restart().toMillis() / 1000.0;
        Results.Idle idle = new Results.Idle(residentMib, cores, restartSeconds);
        write(settings, new Results(plan.many, seed, few, many, fill, burst, sustained, idle));
    }

    private static Results.Seed seed(Settings settings) throws Exception {
        Plan plan = settings.plan();
        try (SeedFlow flow = new SeedFlow(settings)) {
            return new Results.Seed(flow.measure(plan.few, plan.seedRounds), flow.measure(plan.many, plan.seedRounds));
        }
    }

    private static void write(Settings settings, Results results) throws IOException {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("at", Settings.text("BENCH_DATE"));
        json.put("commit", Settings.text("BENCH_COMMIT"));
        json.put("machine", Settings.text("BENCH_MACHINE"));
        json.putAll(results.asJson());
        Files.writeString(
                settings.results().resolve("start.json"),
                new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n");
        Files.writeString(settings.results().resolve("start.md"), new Report(settings.plan(), results).markdown());
    }

    private static void say(String what) {
        System.out.println("bench: " + what);
    }
}
