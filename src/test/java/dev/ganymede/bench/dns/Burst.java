package dev.ganymede.bench.dns;

import dev.ganymede.dns.DnsZone;
import dev.ganymede.dns.DnsZone.Published;
import dev.ganymede.dns.HostAddress;
import dev.ganymede.id.OrganizationId;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;

/** Many organizations published at once: Ganymede's way, and one PATCH for each. Every round each side has a new zone, and another one is first. */
final class Burst {

    static final String GANYMEDE = "Ganymede";
    static final String SEQUENTIAL = "naive, one after the other";
    static final String SIXTEEN = "naive, 16 at once";
    static final HostAddress HERE = new HostAddress("127.0.0.7");

    private final Server server;
    private final Plan plan;
    private final Map<String, Sample> perSecond = new LinkedHashMap<>();

    Burst(Server server, Plan plan) {
        this.server = server;
        this.plan = plan;
        List.of(GANYMEDE, SEQUENTIAL, SIXTEEN).forEach(side -> perSecond.put(side, new Sample()));
    }

    /** Organizations a second. */
    Map<String, Sample> run() {
        List<String> sides = new ArrayList<>(perSecond.keySet());
        for (int round = -1; round < plan.rounds(); round++) {
            Collections.rotate(sides, 1);
            for (String side : sides) {
                double rate = measure(side, "burst" + (round + 1) + ".bench.local");
                if (round >= 0) {
                    perSecond.get(side).add(rate);
                }
            }
            System.out.println("bench: burst, round " + (round + 1) + " of " + plan.rounds());
        }
        return perSecond;
    }

    private double measure(String side, String domain) {
        List<OrganizationId> organizations = organizations(side.equals(GANYMEDE) ? plan.burst() : plan.naive());
        DnsZone zone = server.zone(domain);
        long begin = System.nanoTime();
        switch (side) {
            case GANYMEDE -> publish(zone, organizations);
            case SEQUENTIAL -> patchEach(domain, organizations, 1);
            default -> patchEach(domain, organizations, 16);
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        check(zone, organizations, side);
        server.remove(domain);
        return organizations.size() / seconds;
    }

    static void publish(DnsZone zone, List<OrganizationId> organizations) {
        if (!organizations.isEmpty()) {
            Server.get(Uni.join()
                    .all(organizations.stream()
                            .map(organization -> zone.publish(organization, HERE))
                            .toList())
                    .andFailFast());
        }
    }

    private void patchEach(String domain, List<OrganizationId> organizations, int atOnce) {
        ConcurrentLinkedQueue<OrganizationId> left = new ConcurrentLinkedQueue<>(organizations);
        List<CompletableFuture<Void>> lanes = new ArrayList<>();
        for (int lane = 0; lane < atOnce; lane++) {
            lanes.add(CompletableFuture.runAsync(
                    () -> {
                        for (OrganizationId next = left.poll(); next != null; next = left.poll()) {
                            server.patch(domain, rrsets(domain, next)).join();
                        }
                    },
                    lane(lane)));
        }
        lanes.forEach(CompletableFuture::join);
    }

    private static Executor lane(int number) {
        return work -> new Thread(work, "lane-" + number).start();
    }

    private static String rrsets(String domain, OrganizationId organization) {
        String name = "org-" + organization + "." + domain + ".";
        return "{\"rrsets\":[" + rrset(name) + "," + rrset("*." + name) + "]}";
    }

    private static String rrset(String name) {
        return "{\"name\":\"%s\",\"type\":\"A\",\"ttl\":60,\"changetype\":\"REPLACE\",\"records\":[{\"content\":\"%s\",\"disabled\":false}]}"
                .formatted(name, HERE);
    }

    private static void check(DnsZone zone, List<OrganizationId> organizations, String side) {
        Map<OrganizationId, Published> published = Server.get(zone.published());
        long right = organizations.stream()
                .filter(organization -> new Published.At(HERE).equals(published.get(organization)))
                .count();
        if (right != organizations.size()) {
            throw new IllegalStateException(side + ": " + right + " of " + organizations.size() + " stand in the zone");
        }
    }

    static List<OrganizationId> organizations(int count) {
        List<OrganizationId> organizations = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            organizations.add(new OrganizationId(UUID.randomUUID()));
        }
        return organizations;
    }
}
