package dev.ganymede.bench.dns;

import dev.ganymede.dns.DnsZone;
import dev.ganymede.id.OrganizationId;
import java.util.LinkedHashMap;
import java.util.Map;

/** One change at a time, in zones of different sizes that take turns, and each of these zones read back. */
final class Changes {

    /** Milliseconds, by the number of records in the zone. */
    record Figures(Sample publish, Sample withdraw, Sample read) {

        Figures() {
            this(new Sample(), new Sample(), new Sample());
        }
    }

    private final Server server;
    private final Plan plan;
    private final Map<Integer, DnsZone> zones = new LinkedHashMap<>();
    private final Map<Integer, Figures> figures = new LinkedHashMap<>();

    Changes(Server server, Plan plan) {
        this.server = server;
        this.plan = plan;
    }

    Map<Integer, Figures> run() {
        for (int organizations : plan.organizations()) {
            int records = 2 * organizations;
            DnsZone zone = server.zone("of" + records + ".bench.local");
            Burst.publish(zone, Burst.organizations(organizations));
            zones.put(records, zone);
            figures.put(records, new Figures());
        }
        for (int round = -plan.warmUps(); round < plan.changes(); round++) {
            boolean counts = round >= 0;
            zones.forEach((records, zone) -> change(zone, counts ? figures.get(records) : new Figures()));
        }
        System.out.println("bench: one change at a time");
        for (int round = 0; round < plan.readings(); round++) {
            zones.forEach(
                    (records, zone) -> figures.get(records).read().add(millis(() -> Server.get(zone.published()))));
        }
        System.out.println("bench: zones read back");
        return figures;
    }

    private static void change(DnsZone zone, Figures into) {
        OrganizationId organization = Burst.organizations(1).get(0);
        into.publish().add(millis(() -> Server.get(zone.publish(organization, Burst.HERE))));
        into.withdraw().add(millis(() -> Server.get(zone.withdraw(organization))));
    }

    private static double millis(Runnable work) {
        long begin = System.nanoTime();
        work.run();
        return (System.nanoTime() - begin) / 1e6;
    }
}
