package dev.ganymede.bench.routes;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Changes one route among many, again and again, on Ganymede's edge in both modes and on its peers. A change is live when the side's own interface says so and the next
 * visitor, over a new connection, is answered by the new gateway; while that one is answered by the old one, the clock runs on.
 */
public final class RoutesBench {

    private static final long SEED = 20_261_122;
    private static final int WARM_UP = 20;
    private static final int PORT = 28_000;

    /**
     * @param sizes numbers of routes
     * @param limit of one series; what is slow has fewer rounds
     */
    private record Plan(List<Integer> sizes, int rounds, int socketRoutes, int sockets, int changes, Duration limit) {

        static final Plan FULL = new Plan(List.of(10, 1_000, 10_000), 300, 1_000, 50, 1_000, Duration.ofSeconds(60));
        static final Plan QUICK = new Plan(List.of(10, 60), 5, 60, 50, 10, Duration.ofSeconds(10));
    }

    private final Path scratch = Path.of(text("BENCH_SCRATCH"));
    private final Path baselines = Path.of(text("BENCH_BASELINES"));
    private final Plan plan = text("BENCH_PLAN").equals("QUICK") ? Plan.QUICK : Plan.FULL;
    private final Random random = new Random(SEED);
    private final Figures figures = new Figures();
    private final Gateways gateways = new Gateways();
    private int ports = PORT;

    private RoutesBench() {}

    /** Needs what {@code scripts/bench.sh} sets. */
    public static void main(String[] arguments) throws Exception {
        RoutesBench bench = new RoutesBench();
        bench.run();
        Path results = Path.of(text("BENCH_RESULTS"));
        Files.writeString(
                results.resolve("routes.json"),
                bench.figures.json(text("BENCH_DATE"), text("BENCH_COMMIT"), text("BENCH_MACHINE"), text("BENCH_PLAN"))
                        + "\n");
        Files.writeString(results.resolve("routes.md"), bench.figures.markdown());
        // gateways and the adapter have threads that are no daemons
        System.exit(0);
    }

    private void run() throws Exception {
        for (int size : plan.sizes()) {
            for (Side side : sides()) {
                try (side) {
                    measure(side, size);
                }
            }
        }
    }

    private List<Side> sides() throws IOException {
        ports += 20;
        return List.of(
                new GanymedeEdge(scratch, true, ports),
                new GanymedeEdge(scratch, false, ports + 4),
                new NodeProxy(baselines, scratch, ports + 8),
                new Caddy(baselines, scratch, ports + 12),
                new Haproxy(baselines, scratch, ports + 16));
    }

    private void measure(Side side, int size) throws Exception {
        List<Tenant> tenants = Stream.generate(() -> new Tenant(new UUID(random.nextLong(), random.nextLong())))
                .limit(size)
                .toList();
        Map<Tenant, Integer> now = new HashMap<>();
        tenants.forEach(tenant -> now.put(tenant, gateways.one()));
        side.start(tenants, gateways.one());
        System.out.printf("%s, %d routes%n", side.name(), size);
        series(side, tenants, now, WARM_UP);
        figures.add(new Figures.Changes(side.name(), side.survives(), size, series(side, tenants, now, plan.rounds())));
        if (size == plan.socketRoutes()) {
            sockets(side, tenants, now);
        }
    }

    private List<Double> series(Side side, List<Tenant> tenants, Map<Tenant, Integer> now, int rounds)
            throws Exception {
        List<Double> millis = new ArrayList<>();
        long deadline = System.nanoTime() + plan.limit().toNanos();
        while (millis.size() < rounds && System.nanoTime() < deadline) {
            Tenant tenant = tenants.get(random.nextInt(tenants.size()));
            millis.add(change(side, tenant, now) / 1e6);
        }
        millis.sort(null);
        return millis;
    }

    /** Nanoseconds. */
    private long change(Side side, Tenant tenant, Map<Tenant, Integer> now) throws Exception {
        int next = gateways.other(now.get(tenant));
        long begun = System.nanoTime();
        side.move(tenant, next);
        long took = System.nanoTime() - begun;
        String wanted = Integer.toString(next);
        while (!Wire.get(side.entrance(), tenant.host()).equals(wanted)) {
            took = System.nanoTime() - begun;
            if (took > plan.limit().toNanos()) {
                throw new IOException(side.name() + " never goes to the new gateway");
            }
        }
        now.put(tenant, next);
        return took;
    }

    private void sockets(Side side, List<Tenant> tenants, Map<Tenant, Integer> now) throws Exception {
        List<Tenant> connected = tenants.subList(0, plan.sockets());
        List<Tenant> others = tenants.subList(plan.sockets(), tenants.size());
        long before = side.workers();
        List<Socket> open = new ArrayList<>();
        for (Tenant tenant : connected) {
            open.add(Wire.webSocket(side.entrance(), tenant.host()));
        }
        int changes = series(side, others, now, plan.changes()).size();
        int cut = (int) open.stream().filter(socket -> !Wire.echoes(socket)).count();
        figures.add(
                new Figures.Sockets(side.name(), tenants.size(), changes, open.size(), cut, before, side.workers()));
        for (Socket socket : open) {
            socket.close();
        }
    }

    private static String text(String name) {
        String value = System.getenv(name);
        if (value == null || value.isEmpty()) {
            throw new IllegalArgumentException(name + " is not set; this is run by scripts/bench.sh");
        }
        return value;
    }
}
