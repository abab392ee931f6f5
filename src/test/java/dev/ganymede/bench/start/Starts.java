package dev.ganymede.bench.start;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Organizations that are started, visited and stopped. */
final class Starts {

    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final int FILLERS = 16;

    private final Api api;
    private final Visitor visitor;
    private final Deque<String> asleep = new ArrayDeque<>();
    private int served;
    private int created;

    Starts(Api api, Visitor visitor) {
        this.api = api;
        this.visitor = visitor;
    }

    /** A burst: each start's time, and how many failed. */
    record Burst(Times times, int failed) {}

    /** Starts and stops of so many at a time; starts that came to nothing are counted apart. */
    record Sustained(double startsPerSecond, int failed) {}

    /** Until so many are served; starts each second. */
    double fill(int wanted) throws Exception {
        List<String> coming = organizations(wanted - served);
        long begin = System.nanoTime();
        all(FILLERS, coming.stream().map(this::untilServed).toList());
        served = wanted;
        return coming.size() * 1e9 / (System.nanoTime() - begin);
    }

    private Callable<Boolean> untilServed(String organization) {
        return () -> {
            long begin = System.nanoTime();
            while (!api.start(organization)) {
                if (System.nanoTime() - begin > PATIENCE.toNanos()) {
                    throw new IllegalStateException("organization " + organization + " is not served");
                }
                // the pool is growing
                Thread.sleep(100);
            }
            return true;
        };
    }

    /** One after the other, each stopped again. */
    Times oneByOne(int rounds) throws Exception {
        List<Double> times = new ArrayList<>();
        List<String> organizations = organizations(rounds);
        // once: the answer about ten thousand members would be measured with the next start
        awaitReserve(1);
        for (String organization : organizations) {
            times.add(firstAnswer(organization));
            api.stop(organization);
            asleep.add(organization);
        }
        return new Times(times);
    }

    /** Milliseconds from the question for a start to the first 200 of its name. */
    private double firstAnswer(String organization) throws IOException {
        long begin = System.nanoTime();
        if (!api.start(organization)) {
            throw new IllegalStateException("organization " + organization + " was not started");
        }
        int status = visitor.visit(organization);
        if (status != 200) {
            throw new IllegalStateException("organization " + organization + " answered " + status);
        }
        return (System.nanoTime() - begin) / 1e6;
    }

    Burst burst(int size) throws Exception {
        List<String> organizations = organizations(size);
        awaitReserve(size);
        AtomicInteger failed = new AtomicInteger();
        List<Callable<Double>> starts = new ArrayList<>();
        for (String organization : organizations) {
            starts.add(() -> {
                long begin = System.nanoTime();
                try {
                    return firstAnswer(organization);
                } catch (IOException | IllegalStateException failure) {
                    failed.incrementAndGet();
                    return (System.nanoTime() - begin) / 1e6;
                }
            });
        }
        List<Double> times = all(size, starts);
        all(FILLERS, organizations.stream().map(this::stopped).toList());
        asleep.addAll(organizations);
        return new Burst(new Times(times), failed.get());
    }

    private Callable<Boolean> stopped(String organization) {
        return () -> {
            api.stop(organization);
            return true;
        };
    }

    Sustained sustained(int callers, Duration time) throws Exception {
        List<String> organizations = organizations(callers);
        AtomicInteger done = new AtomicInteger();
        AtomicInteger failed = new AtomicInteger();
        long begin = System.nanoTime();
        long end = begin + time.toNanos();
        List<Callable<Boolean>> work = new ArrayList<>();
        for (String organization : organizations) {
            work.add(() -> {
                while (System.nanoTime() < end) {
                    (api.start(organization) ? done : failed).incrementAndGet();
                    api.stop(organization);
                }
                return true;
            });
        }
        all(callers, work);
        asleep.addAll(organizations);
        return new Sustained(done.get() * 1e9 / (System.nanoTime() - begin), failed.get());
    }

    void awaitReserve(int ready) throws Exception {
        long begin = System.nanoTime();
        JsonNode totals = api.pool().path("totals");
        while (totals.path("ready").asInt() < ready) {
            if (System.nanoTime() - begin > PATIENCE.toNanos()) {
                throw new IllegalStateException("the reserve is not there: " + totals);
            }
            Thread.sleep(50);
            totals = api.pool().path("totals");
        }
    }

    private List<String> organizations(int count) throws Exception {
        List<Callable<String>> missing = new ArrayList<>();
        for (int number = asleep.size(); number < count; number++) {
            int name = created++;
            missing.add(() -> api.organization(name));
        }
        asleep.addAll(all(FILLERS, missing));
        List<String> organizations = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            organizations.add(asleep.remove());
        }
        return organizations;
    }

    private static <T> List<T> all(int threads, List<Callable<T>> work) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<T> results = new ArrayList<>();
            for (Future<T> done : executor.invokeAll(work)) {
                results.add(done.get());
            }
            return results;
        } finally {
            executor.shutdownNow();
        }
    }
}
